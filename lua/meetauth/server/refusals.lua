--- The last refusals, each under a short reference that the refused person has on the screen. Many refusals of one token
-- are one record. Therefore neither a client that tries for hours nor a flood drives out the others. Each record has our
-- words and the operator's, and the token's iss, d, kid and alg, which can be forged. It has nothing else of the token, and
-- nobody's data. Time and chance are handed in.

local core = require "meetauth.core";
local clean = require "meetauth.util.text".clean;
local expired = require "meetauth.hint.parts".expired;
local json = require "meetauth.util.json";
local lasthour = require "meetauth.server.lasthour";
local reasons = require "meetauth.reasons";
local set_of = require "meetauth.util.list".set;

local refusals = {};

local COPIED_MAX = 1024; -- bytes of what somebody copies, with a reference in it
local KEPT = 1000;
local OF_TOKEN = 20; -- of one token; beyond that its rooms are not told apart
local EXPECTED_MAX, FOUND_MAX = 200, 64; -- characters kept of what was expected, and of each name that was found
local REFERENCE = 6; -- characters of five bits
local ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"; -- no l, o, 0 and 1, which are read for one another

--- The answer to a reference that no refusal has.
refusals.UNKNOWN = "No refusal has this reference. It may be mistyped: a reference has 6 letters and digits, such as abc234, "
	.. "and never l, o, 0 or 1. Or it is too old, or Prosody was restarted since.";

---@class Refusal
---@field ref string
---@field count integer    how often
---@field first number     seconds since the epoch, as
---@field last number
---@field host string      the VirtualHost, or the MUC component
---@field stage "login"|"join"
---@field reason string
---@field entry string?    the id of the issuer entry that the token chose
---@field dialect string?
---@field alg string?      one that exists
---@field kid string?      where a key of the entry has it
---@field check string?    the row of the explanation that failed, and
---@field expected string? what the configuration asks for there
---@field found string?    what the token has, of iss, d, kid and alg
---@field hint string?
---@field ended number?    when a token with a good signature expired, as first

-- Reasons that a token gets only when a key of an entry has signed it. For all other reasons, anybody can make any number
-- of tokens.
local is_vouched = set_of({
	"type-mismatch", "expired", "not-yet-valid", "too-old", "issuer-mismatch", "audience-mismatch", "claim-mismatch",
	"not-admitted", "missing-claim", "bad-claim",
	"not-enforceable", "observed-only", "room-mismatch", "invalid-room-address", "foreign-session", "banned", "time-limit",
	"other-device", "kicked", "revoked", "already-used", "storage-unavailable", "unknown-room", "room-full",
});

local known_algorithms = set_of(core.algorithms());

local function kid_of(subject)
	local kid = subject.head and subject.head.kid;
	for _, binding in ipairs(kid and subject.candidates or {}) do
		if binding.key:kid() == kid then return kid; end
	end
	return nil;
end

-- Rows that expect what the room is that somebody wants to enter, and not what the configuration says.
local of_room = set_of({ "address", "room", "guests", "join" });

local function line_of(value)
	return clean(type(value) == "string" and value or json.shown(value), EXPECTED_MAX);
end

--- The kept parts of the row that gives the reason of a refusal.
---@param reason string
---@param rows Row[]
---@param base string?  the host's name: of what a tenant's row expects, that alone is the configuration's
---@return { check: string?, expected: string?, hint: string? }
function refusals.of_row(reason, rows, base)
	for _, row in ipairs(rows) do
		if row.reason == reason then
			local is_kept = row.expected ~= nil and not of_room[row.check] and (row.check ~= "tenant" or row.expected == base);
			return { check = row.check, expected = is_kept and line_of(row.expected) or nil, hint = row.hint };
		end
	end
	return {};
end

-- The names by which a token chose its entry and key: unverified, so no more of each than a name is long.
local function found_of(subject)
	local head, all = subject.head or {}, subject.claims or {};
	local list = {};
	for _, one in ipairs({ { "alg", head.alg }, { "kid", head.kid }, { "iss", all.iss }, { "d", all.d } }) do
		if type(one[2]) == "string" then
			list[#list + 1] = ("%s = %s"):format(one[1], json.shown(clean(one[2]:sub(1, 4 * FOUND_MAX), FOUND_MAX)));
		end
	end
	return list[1] and table.concat(list, ", ") or nil;
end

--- The parts of a refused token that may be kept.
---@param reason string
---@param rows Row[]        as explained, with
---@param subject Subject   what there is to know
---@return table about  entry, dialect, alg, kid, check, expected, found, hint, ended
function refusals.about(reason, rows, subject)
	local entry, alg = subject.entry, subject.head and subject.head.alg;
	local about = refusals.of_row(reason, rows);
	about.entry, about.dialect, about.found = entry and entry.id, entry and entry.dialect, found_of(subject);
	about.alg, about.kid = known_algorithms[alg or ""] and alg or nil, kid_of(subject);
	if reason == "expired" and subject.signed then
		about.ended = subject.claims.exp;
		if about.hint == expired(about.ended, subject.now) then about.hint = nil; end -- true now only: see hint_now
	end
	return about;
end

--- The hint of a refusal that is kept, as it is true now.
---@param refusal Refusal
---@param now number
---@return string?
function refusals.hint_now(refusal, now)
	return refusal.hint or refusal.ended and expired(refusal.ended, now) or nil;
end

---@class Keeper
---@field store table
---@field random fun(count: integer): string
local keeper = {};
keeper.__index = keeper;

function keeper:reference()
	local ref = self.random(REFERENCE):gsub(".", function (char)
		local at = char:byte() % #ALPHABET + 1;
		return ALPHABET:sub(at, at);
	end);
	return ref;
end

-- The key of a refusal, and the token's part of that key.
local function key_of(store, refusal, token, room)
	local of = core.sha256(token or "");
	local key = table.concat({ of, refusal.stage, refusal.host, refusal.reason }, "\0");
	local with_room = room and key .. "\0" .. room;
	if with_room and (store.records[with_room] or (store.of_token[of] or 0) < OF_TOKEN) then key = with_room; end
	return key, of;
end

local function count_up(store, record, now)
	store.serial = store.serial + 1;
	record.seen = store.serial;
	record.refusal.count, record.refusal.last = record.refusal.count + 1, now;
	lasthour.note(store.hour, now, record.refusal.host, record.refusal.reason);
	return record.refusal;
end

-- The record that was not seen for the longest time. It is of the larger sort, so that each sort has half of the places for
-- sure.
local function drop_one(store, vouched)
	local counts = store.counts;
	if counts[true] ~= counts[false] then vouched = counts[true] > counts[false]; end
	local key, oldest;
	for at, record in pairs(store.records) do
		if record.vouched == vouched and (not oldest or record.seen < oldest.seen) then key, oldest = at, record; end
	end
	store.records[key] = nil;
	counts[vouched] = counts[vouched] - 1;
	local left = store.of_token[oldest.of] - 1;
	store.of_token[oldest.of] = left > 0 and left or nil;
end

--- A refusal that is kept already, counted once more.
---@param refusal table  host, stage and reason
---@param now number     seconds since the epoch
---@param token string?  that was refused; nil: none was brought
---@param room string?   the room's address
---@return Refusal?
function keeper:again(refusal, now, token, room)
	local record = self.store.records[key_of(self.store, refusal, token, room)];
	return record and count_up(self.store, record, now);
end

--- Keep a refusal, or count it once more; of others the oldest makes room for it.
---@param refusal table  host, stage and reason, and what else there is of a Refusal: it belongs to the keeper from now on
---@param now number
---@param token string?
---@param room string?
---@return Refusal
function keeper:add(refusal, now, token, room)
	local store = self.store;
	local key, of = key_of(store, refusal, token, room);
	local record, vouched = store.records[key], is_vouched[refusal.reason] == true;
	if record then
		record.refusal.hint = refusal.hint or record.refusal.hint;
		return count_up(store, record, now);
	end
	if store.counts[true] + store.counts[false] >= KEPT then drop_one(store, vouched); end
	refusal.ref, refusal.first, refusal.count = self:reference(), now, 0;
	record = { refusal = refusal, of = of, vouched = vouched };
	store.records[key] = record;
	store.counts[vouched] = store.counts[vouched] + 1;
	store.of_token[of] = (store.of_token[of] or 0) + 1;
	return count_up(store, record, now);
end

--- The last refusals, the one that happened last first.
---@param count integer
---@param wanted (fun(refusal: Refusal): any)?  all of them, where there is none
---@return Refusal[]
function keeper:latest(count, wanted)
	local found, list = {}, {};
	for _, record in pairs(self.store.records) do
		if not wanted or wanted(record.refusal) then found[#found + 1] = record; end
	end
	table.sort(found, function (a, b) return a.seen > b.seen; end);
	for i = 1, math.min(count, #found) do list[i] = found[i].refusal; end
	return list;
end

-- The reference in what people copy from a screen: "expired (abc234)", "(abc234)", with quotes or white space around it.
local function reference_in(text)
	return (text:match("%((%w+)%)%W*$") or text:match("^%W*(%w+)%W*$") or text):lower();
end

--- The refusal with that reference, if it is still kept.
---@param text string  the reference in any case, or with the text around it on a screen
---@return Refusal?
function keeper:find(text)
	local ref = reference_in(text:sub(1, COPIED_MAX));
	return self:latest(1, function (refusal) return refusal.ref == ref; end)[1];
end

--- How many there were in the last hour, by reason, however often each was brought.
---@param now number
---@param wanted fun(host: string): any
---@return table<string, integer>
function keeper:hour(now, wanted)
	return lasthour.counts(self.store.hour, now, wanted);
end

--- A keeper of refusals in that table.
---@param store table   may be shared
---@param random fun(count: integer): string  that many random bytes
---@return Keeper
function refusals.keeper(store, random)
	store.records, store.of_token = store.records or {}, store.of_token or {};
	store.hour = store.hour or {};
	store.counts, store.serial = store.counts or { [true] = 0, [false] = 0 }, store.serial or 0;
	return setmetatable({ store = store, random = random }, keeper);
end

--- The text for a refused person: a sentence and the word.
---@param reason string
---@param own string?  another sentence than the reason's
---@return string
function refusals.words(reason, own)
	return ("%s: %s"):format(own or reasons.by_word[reason].sentence, reason);
end

--- Those words with the reference, by which the operator finds the refusal.
---@param reason string
---@param ref string
---@param own string?  another sentence than the reason's
---@return string
function refusals.text(reason, ref, own)
	return ("%s (%s)"):format(refusals.words(reason, own), ref);
end

return refusals;
