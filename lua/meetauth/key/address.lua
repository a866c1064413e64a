--- One address with keys: when it is asked, and which of its answers are valid. All entries with this address share its
-- requests, on every host. The reader (remote.lua) says what an answer means for each of them. Fetch, clock and store
-- are arguments. It knows no HTTP client and no timer. It makes one request at a time.

local allowance = require "meetauth.util.allowance";
local cachecontrol = require "meetauth.http.cachecontrol";
local without_private = require "meetauth.key.jwk".without_private;
local keyurl = require "meetauth.key.url";

local keyaddress = {};

local BYTES_MAX = 262144; -- of an answer's body
local SECONDS_MAX = 4;    -- for one look, redirects included: less than a login waits
local REDIRECTS_MAX = 3;
local ASKED_MAX = 3;      -- requests for a set that tokens cause at one time; then one in each refresh_min
local DUE_MAX = 64;       -- looks in a second that are due by time: hosts may have thousands of addresses
local BACKOFF_MAX = 16;   -- times refresh_min, between looks that fail
local ETAG_MAX = 256;     -- bytes

local redirects = { [301] = true, [302] = true, [303] = true, [307] = true, [308] = true };
local gone = { [404] = true, [410] = true };
local unusable = { ["bad answer"] = true, ["cut off"] = true, ["too much"] = true }; -- failures of who did answer

---@class FetchRequest
---@field url string
---@field etag string?     for If-None-Match
---@field seconds number   until the answer must be there
---@field bytes integer    of the longest body

---@class FetchAnswer      failure, or the rest
---@field failure string?  a word: no answer that can be used
---@field code integer?
---@field headers table<string, string>?  names in lower case
---@field body string?

---@class AddressBook      every address that somebody reads
---@field by_name table<string, Address>
---@field may_begin fun(seconds: number): boolean
---@field is_crowded boolean?  the next request must wait

---@param now fun(): number  seconds since the epoch
---@return AddressBook
function keyaddress.book(now)
	return { by_name = {}, may_begin = allowance.new(DUE_MAX, now) };
end

---@class Address
---@field at string
---@field readers Remote[]     at least one
---@field place table<Remote, integer>  the place of each among them
---@field limits table?        bounds(), until the readers are others
---@field failure string?      why the last look failed, and
---@field answers boolean?     whether that was an answer which could not be used
---@field text string?         the last body that a reader could use
---@field etag { url: string, tag: string }?  of it
---@field unusable table<Remote, string>  who could not use it, and why
---@field confirmed number?    when the source last said so, seconds since the epoch
---@field next_at number       the time of the next request
---@field failures integer     in a row
---@field missing boolean      the source said that there is no such key
---@field flight { waiting: { reader: Remote, done: fun(known: boolean) }[], ends: number, fetch: function }?
---@field may_look fun(seconds: number): boolean  whether a token may bring about one more look
local address = {};
address.__index = address;

--- The values for all readers: the shortest pauses, the strictest rule about http, the longest patience.
---@return { refresh_min: number, refresh_max: number, max_stale: number, insecure_url: boolean }
function address:bounds()
	if self.limits then return self.limits; end
	local limits = { refresh_min = math.huge, refresh_max = math.huge, max_stale = 0, insecure_url = true };
	for _, reader in ipairs(self.readers) do
		local own = reader.limits;
		limits.refresh_min = math.min(limits.refresh_min, own.refresh_min);
		limits.refresh_max = math.min(limits.refresh_max, own.refresh_max);
		limits.max_stale = math.max(limits.max_stale, own.max_stale);
		limits.insecure_url = limits.insecure_url and own.insecure_url;
	end
	self.limits = limits;
	return limits;
end

--- The address that a reader names, which it reads from now on.
---@param reader Remote
---@return Address
function keyaddress.join(reader)
	local source, env = reader.source, reader.env;
	local book, name = env.addresses, (source.single and "key " or "set ") .. source.at;
	local self = book.by_name[name];
	if not self then
		local now = env.now();
		self = setmetatable({
			at = source.at, name = name, book = book, readers = {}, place = {}, single = source.single, failures = 0,
			missing = false, unusable = {}, next_at = now, now = env.now,
			may_look = allowance.new(source.single and 1 or ASKED_MAX, env.now),
		}, address);
		book.by_name[name] = self;
	end
	self.readers[#self.readers + 1] = reader;
	self.place[reader], self.limits = #self.readers, nil;
	return self;
end

--- The text that is valid when a reader comes. Others have read it here, or it is in the reader's store and not too old. A
-- clock that was set back makes it no younger than now.
---@param reader Remote
---@return string? text
---@return number? confirmed
---@return table? kept  of the store, for take_kept
function address:kept_for(reader)
	if self.text then return self.text, self.confirmed; end
	local kept, now = reader.env.store.get(self.at), self.now();
	if type(kept) ~= "table" or type(kept.text) ~= "string" or type(kept.confirmed) ~= "number" then return nil; end
	if now - kept.confirmed > self:bounds().max_stale then return nil; end
	return kept.text, math.min(kept.confirmed, now), kept;
end

--- A reader could use what its store kept.
---@param kept table
function address:take_kept(kept)
	local now = self.now();
	self.text, self.etag, self.missing = kept.text, type(kept.etag) == "table" and kept.etag or nil, false;
	self.confirmed = math.min(kept.confirmed, now);
	self.next_at = math.min(type(kept.next_at) == "number" and kept.next_at or now, now + self:bounds().refresh_max);
	if self.readers[2] then self.next_at = now; end -- who came before knows nothing of it
end

-- In the store of each host.
function address:keep(record)
	local done = {};
	for _, reader in ipairs(self.readers) do
		local store = reader.env.store;
		if not done[store] then store.set(self.at, record); end
		done[store] = true;
	end
end

function address:keep_text()
	self:keep({ text = self.text, etag = self.etag, confirmed = self.confirmed, next_at = self.next_at });
end

function address:forget_text()
	self.text, self.etag, self.confirmed = nil, nil, nil;
end

-- Looks ------------------------------------------------------------------------

-- The end of a request: each reader is told, then everyone who waited.
function address:settle(tell)
	local waiting = self.flight.waiting;
	self.flight = nil;
	for _, reader in ipairs({ table.unpack(self.readers) }) do tell(reader); end
	for _, one in ipairs(waiting) do one.done(one.reader.failure == nil); end
end

function address:pause()
	local limits = self:bounds();
	self.failures = self.failures + 1;
	local seconds = limits.refresh_min * math.min(BACKOFF_MAX, 2 ^ math.min(self.failures - 1, 10));
	self.next_at = self.now() + math.min(seconds, math.max(limits.refresh_max, limits.refresh_min));
end

function address:fail(why, answers)
	self.failure, self.answers = why, answers == true;
	self:pause();
	self:settle(function (reader) reader:fail(why, answers == true); end);
end

function address:succeed(headers)
	local limits, now = self:bounds(), self.now();
	self.failures, self.failure, self.confirmed = 0, nil, now;
	self.next_at = now + cachecontrol.seconds(headers, limits.refresh_min, limits.refresh_max);
end

local function etag_of(answer, url)
	local tag = answer.headers.etag;
	return type(tag) == "string" and #tag <= ETAG_MAX and { url = url, tag = tag } or nil;
end

-- A body counts where a reader can use it; the others keep what they have.
function address:take_body(answer, url)
	local body, digest, is_good = answer.body, keyurl.sha256(answer.body), false;
	local documents, reasons = {}, {};
	for _, reader in ipairs({ table.unpack(self.readers) }) do -- what one reads may bring others about
		documents[reader], reasons[reader] = reader:read_body(body, digest, self.missing);
		is_good = is_good or documents[reader] ~= nil;
	end
	if is_good then
		self:succeed(answer.headers);
		self.text, self.etag, self.missing, self.unusable = without_private(body), etag_of(answer, url), false, reasons;
		self:keep_text();
	else
		self.failure, self.answers = reasons[self.readers[1]], true;
		self:pause();
	end
	self:settle(function (reader)
		if documents[reader] then
			reader:take(documents[reader], digest);
		elseif reasons[reader] then
			reader:fail(reasons[reader], true);
		end
	end);
end

function address:take_unchanged(headers)
	self:succeed(headers);
	self:keep_text();
	self:settle(function (reader)
		local reason = self.unusable[reader];
		if reason then return reader:fail(reason, true); end
		reader:take("unchanged");
	end);
end

function address:take_missing(headers)
	self:succeed(headers);
	if self.text then self:keep(nil); end
	self:forget_text();
	self.missing = true;
	self:settle(function (reader) reader:withdraw(); end);
end

function address:take(answer, url, left)
	if answer.failure then return self:fail(answer.failure, unusable[answer.failure]); end
	if redirects[answer.code] then
		local other = keyurl.redirect(url, answer.headers.location, self:bounds().insecure_url);
		if not other then return self:fail("redirect elsewhere", true); end
		if left == 0 then return self:fail("too many redirects", true); end
		return self:look(other, left - 1);
	end
	if answer.code == 304 and self.text and self.flight.etag then return self:take_unchanged(answer.headers); end
	if gone[answer.code] and self.single then return self:take_missing(answer.headers); end
	if answer.code ~= 200 then return self:fail("status " .. answer.code, true); end
	if type(answer.body) ~= "string" or #answer.body > BYTES_MAX then return self:fail("too much", true); end
	return self:take_body(answer, url);
end

-- Whether each reader has read the text, so that "not modified" tells it something.
function address:is_known_to_all()
	for _, reader in ipairs(self.readers) do
		if not reader.digest and not self.unusable[reader] then return false; end
	end
	return true;
end

function address:look(url, left)
	local flight = self.flight;
	local seconds = math.min(SECONDS_MAX, flight.ends - self.now());
	if seconds <= 0 then return self:fail("timeout"); end
	flight.etag = self.etag and self.etag.url == url and self:is_known_to_all() and self.etag.tag or nil;
	local request = { url = url, etag = flight.etag, seconds = seconds, bytes = BYTES_MAX };
	flight.fetch(request, function (answer)
		if self.flight == flight then self:take(answer, url, left); end -- else nobody waits for it any more
	end);
end

function address:start(waiting)
	self.flight = { waiting = waiting, ends = self.now() + SECONDS_MAX, fetch = self.readers[1].env.fetch };
	self:look(self.at, REDIRECTS_MAX);
end

--- Look again now, if tokens have not brought about too many looks of late; joins the look that is under way.
---@param reader Remote
---@param done fun(known: boolean)  whether the reader now holds the source's keys; can be called before this returns
---@param force boolean?            however short a while ago: for the operator
function address:ask(reader, done, force)
	if not self.place[reader] then
		done(false); -- it has gone
	elseif self.flight then
		table.insert(self.flight.waiting, { reader = reader, done = done });
	elseif force or self.may_look(self:bounds().refresh_min) then
		self:start({ { reader = reader, done = done } });
	else
		done(reader.failure == nil);
	end
end

--- The work for the present time: the next request, a request without any answer, a text that is not confirmed any more.
-- Where the clock was set back nothing has happened later than now. Each reader may call it as often as it likes.
---@param now number
function address:tick(now)
	if self.confirmed then
		self.confirmed = math.min(self.confirmed, now);
		if now - self.confirmed > self:bounds().max_stale then self:forget_text(); end
	end
	local flight = self.flight;
	if flight then
		flight.ends = math.min(flight.ends, now + SECONDS_MAX);
		if now > flight.ends + 1 then self:fail("timeout"); end
	elseif now >= self.next_at or now < self.next_at - self:bounds().refresh_max - 1 then -- or the clock was set back
		if not self.book.may_begin(1 / DUE_MAX) then
			self.book.is_crowded = true;
			return;
		end
		self:start({});
	end
end

-- Take the items of a list that fit out of it.
local function taken_from(list, fits)
	local taken = {};
	for i = #list, 1, -1 do
		if fits(list[i]) then table.insert(taken, 1, table.remove(list, i)); end
	end
	return taken;
end

local function has_fetch(readers, fetch)
	for _, reader in ipairs(readers) do
		if reader.env.fetch == fetch then return true; end
	end
	return false;
end

--- A reader goes, and nobody of its own waits any longer. If the current request was its host's, it is made again for the
-- readers who stay.
---@param reader Remote
function address:leave(reader)
	local flight, place = self.flight, self.place[reader];
	if not place then return; end -- it has gone before
	local last = table.remove(self.readers);
	if last ~= reader then self.readers[place], self.place[last] = last, place; end
	self.place[reader], self.limits = nil, nil;
	local waiting = flight and taken_from(flight.waiting, function (one) return one.reader == reader; end) or {};
	self.unusable[reader] = nil;
	if not self.readers[1] then
		self.flight, self.book.by_name[self.name] = nil, nil;
	elseif flight and not has_fetch(self.readers, flight.fetch) then
		self:start(flight.waiting);
	end
	for _, one in ipairs(waiting) do one.done(false); end
end

return keyaddress;
