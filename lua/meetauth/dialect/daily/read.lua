--- Daily.co meeting tokens: abbreviated claims -> grant. The words are those in Daily's guide "Self-signing tokens".
-- doc/daily.md says how each claim is used. Pure: no clock, no Prosody. The signature and the times were checked before.

local advice = require "meetauth.dialect.daily.advice";
local dailyclaims = require "meetauth.dialect.daily.claims";
local default_features = require "meetauth.dialect.daily.fields".features;
local permissions = require "meetauth.dialect.daily.permissions";
local recording = require "meetauth.dialect.daily.recording";
local text = require "meetauth.util.text";

local dailyread = { claims = dailyclaims.list };

local unenforced = {}; -- claims that are noted where they come
for _, field in ipairs(dailyclaims.list) do
	if field.fate ~= "enforced" and field.claim ~= "rome" then unenforced[#unenforced + 1] = field; end -- of rome: advice.of
end

local USER_NAME_MAX = 256;
local UNKNOWN_MAX = 32; -- noted one by one
local SECONDS_ARE_LESS = 100000000000; -- the year 5138

-- The parts of a token that are not enforced, and why: notes.add(claim, fate, unknown); unknown: the token's own word.
local function new_notes()
	local notes = { list = {} };
	function notes.add(claim, fate, unknown) table.insert(notes.list, { claim = claim, fate = fate, unknown = unknown }); end
	return notes;
end

local function note_unknown(notes, unknown)
	for i = 1, math.min(#unknown, UNKNOWN_MAX) do notes.add(unknown[i], "ignored: unknown", true); end
	if #unknown > UNKNOWN_MAX then
		notes.add("...", ("ignored: unknown, and %d more unknown names"):format(#unknown - UNKNOWN_MAX), true);
	end
end

local function note_fates(notes, short)
	for _, field in ipairs(unenforced) do
		if short[field.claim] ~= nil then notes.add(field.claim, field.fate); end
	end
	if short.exp and short.exp >= SECONDS_ARE_LESS then notes.add("exp", "enforced: as seconds, but the "
		.. "value is probably not in seconds"); end
	if short.ejt and not short.exp then notes.add("ejt", "ignored: the token has no exp"); end
end

-- Complete, because a neighbour takes an absent feature for a denied one.
local function features(rights, set, lock_name)
	local owner = rights.owner;
	return {
		["recording"] = rights.records;
		["livestreaming"] = rights.streams;
		["transcription"] = rights.transcribes;
		["screen-sharing"] = rights.shares_screen;
		["outbound-call"] = owner and set["outbound-call"];
		["sip-outbound-call"] = owner and set["sip-outbound-call"];
		["create-polls"] = owner or set["create-polls"];
		["send-groupchat"] = owner or set["send-groupchat"];
		["send-private-message"] = owner or set["send-private-message"];
		["file-upload"] = set["file-upload"];
		["live-translation"] = set["live-translation"];
		["flip"] = set["flip"];
		["name-readonly"] = lock_name or set["name-readonly"];
	};
end

-- Effective rights (doc/daily.md); of what ss and cs say, the "no" wins.
local function rights_of(short, may, modes)
	local owner = short.o == true;
	local streams = owner or may.admin.s == true;
	return {
		owner = owner;
		streams = streams;
		records = modes.server and streams;
		transcribes = owner or may.admin.t == true;
		shares_screen = short.ss ~= false and may.send.sv == true;
		starts_recording = short.sr == true and modes.cloud and streams;
		starts_transcription = short.ast == true and owner;
	};
end

local function note_rights(notes, short, may, modes, rights)
	for _, row in ipairs(permissions.open(may)) do notes.add("p." .. row.part, row.fate); end
	if modes.browser then notes.add("er", "published: the client records in the browser"); end
	if short.sr and not rights.starts_recording then notes.add("sr", "ignored: the user cannot record in the mode cloud"); end
	if short.ast and not rights.starts_transcription then notes.add("ast", "ignored: only an owner can start it"); end
end

-- Whether the bearer waits at a lobby: the token's word, or the entry's, which owners are above: somebody
-- has to let the others in.
local function knocks(short, entry)
	if entry.lobby == "owners" then return short.o ~= true; end
	return short.k == true or entry.lobby == "knock" and short.o ~= true;
end

-- The media that a bearer who is no owner may send: under strict, a "no" in ss is also a "no" in cs.
local function sends(short, may, strict)
	if strict and short.ss == false then may.send.sv = nil; end
	return may.send;
end

-- A name that has something to show, or nil.
local function name_of(u)
	local name = u and text.clean(u, USER_NAME_MAX);
	return name ~= "" and name or nil;
end

-- The rights in p; for owners, and without p, everybody's rights (doc/daily.md).
local function permissions_of(short, entry, unknown)
	if short.p == nil then return permissions.default(); end
	local may, reason = permissions.read(short.p, entry.claim_names == "either", unknown);
	if may and short.o then return permissions.default(); end
	return may, reason;
end

-- The value of er or, without it, of the entry.
local function modes_of(short, entry, unknown)
	if short.er == nil then return recording.of(entry.recording or {}, unknown); end
	return recording.read(short.er, unknown);
end

-- The changes of permissions and recording to a grant.
local function put_rights(grant, short, may, rights, entry)
	grant.features = features(rights, entry.features or default_features, entry.lock_name == true);
	grant.admin = not rights.owner and may.admin.p and (entry.admin_affiliation or "admin") or nil;
	grant.send = not rights.owner and sends(short, may, entry.strict) or nil;
	grant.starts_recording = rights.starts_recording;
	grant.starts_transcription = rights.starts_transcription;
	return grant;
end

--- Read verified claims as a Daily token.
---@param claims table
---@param entry table  an issuer entry with Daily's fields (fields.lua); absent fields have their defaults
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim, unknown-issuer, ambiguous-claims, not-enforceable
function dailyread.grant(claims, entry)
	local short, unknown = dailyclaims.read(claims, entry.claim_names == "either");
	if not short then return nil, unknown; end
	claims.exp, claims.nbf, claims.iat = short.exp, short.nbf, short.iat;
	if short.d ~= entry.domain_id then return nil, "unknown-issuer"; end
	if not short.r and entry.room == "required" then return nil, "missing-claim"; end

	local may, reason = permissions_of(short, entry, unknown);
	if not may then return nil, reason; end
	local modes = modes_of(short, entry, unknown);
	if not modes then return nil, "bad-claim"; end
	if entry.strict and unknown[1] then return nil, "bad-claim"; end
	if entry.strict and may.receive then return nil, "not-enforceable"; end
	if not may.present and entry.hidden ~= "visible" then return nil, "not-enforceable"; end

	local rights, notes = rights_of(short, may, modes), new_notes();
	local advisory, dropped = advice.of(short, may, entry.redirect_hosts or {});
	note_unknown(notes, unknown);
	note_fates(notes, short);
	note_rights(notes, short, may, modes, rights);
	if short.rome then notes.add("rome", dropped and "ignored: its host is not in redirect_hosts" or "published"); end
	if not may.present then notes.add("p.hp", "ignored: the user enters visibly"); end
	if short.k and entry.knock_without_lobby == "ignore" then notes.add("k", "ignored: the room has no lobby"); end
	if rights.owner and short.p ~= nil then notes.add("p", "ignored: owners can do everything"); end

	local waits, name = knocks(short, entry), name_of(short.u);
	return put_rights({
		issuer = "daily:" .. short.d;
		check_domain = false;
		room = short.r and short.r:lower() or "*"; -- XMPP folds case
		user = {
			id = short.ud and entry.user_prefix .. short.ud;
			name = name;
			moderator = rights.owner;
			affiliation = rights.owner and "owner" or "member";
			lobby_bypass = not waits;
		};
		owner = rights.owner and "granted" or "denied";
		passes_lobby = not waits;
		knocks = waits or nil;
		wants_lobby = waits and entry.knock_without_lobby ~= "ignore";
		makes_lobby = waits and (entry.knock_without_lobby or "create") == "create";
		at_expiry = "ignore";
		eject_at = short.ejt and short.exp or nil;
		eject_after = short.eje and math.tointeger(short.eje);
		sets_ejection = (short.ejt ~= nil or short.eje ~= nil) or nil;
		nick = name;
		nick_locked = entry.lock_name == true;
		unique = short.ud and entry.unique_users or nil;
		pushes_permissions = true;
		advisory = advisory;
		notes = notes.list;
		needs_room = entry.rooms_required or nil;
		said = entry.has_rooms and { claims = short, entry = entry } or nil;
	}, short, may, rights, entry);
end

--- The grant if others decide, too: the room, where the token says nothing; and the people who lead it, over the token.
---@param grant Grant      with what its token has said
---@param defaults table   a room's: of the claims p, er and ss
---@param later table?     the claim p that was given to the bearer since
---@return Grant grant  another one
function dailyread.within(grant, defaults, later)
	local short, entry, changed = {}, grant.said.entry, {};
	for name, value in pairs(grant.said.claims) do short[name] = value; end
	short.p = permissions.merged(defaults.p, short.p, later, entry.claim_names == "either");
	if short.er == nil then short.er = defaults.er; end
	if short.ss == nil then short.ss = defaults.ss; end
	local may = permissions_of(short, entry, {});
	local rights = rights_of(short, may, modes_of(short, entry, {}));
	for name, value in pairs(grant) do changed[name] = value; end
	changed.advisory = advice.of(short, may, entry.redirect_hosts or {});
	return put_rights(changed, short, may, rights, entry);
end

--- The part of a token, or else of the entry, that sets a field of its grant.
---@param claims table
---@return table<string, string> origins
function dailyread.origins(claims)
	local knocking = claims.k == true or claims.knocking == true;
	return {
		owner = "o";
		admin = "p.ca";
		lobby = knocking and "k" or "the entry";
		features = "o, p, ss, er and the entry";
		send = "p.cs";
	};
end

return dailyread;
