--- One address with keys: when it is asked, which of its answers count, and for how long.
-- Gets fetch, clock and store handed in; knows neither an HTTP client nor a timer. One request at a time; the
-- last good answer counts while newer ones are none; a key that is not in the newest one stops after a while.

local allowance = require "meetauth.util.allowance";
local cachecontrol = require "meetauth.http.cachecontrol";
local without_private = require "meetauth.key.jwk".without_private;
local keyurl = require "meetauth.key.url";

local keyremote = {};

local BYTES_MAX = 262144; -- of an answer's body
local SECONDS_MAX = 4;    -- for one look, redirects included: less than a login waits
local REDIRECTS_MAX = 3;
local ASKED_MAX = 3;      -- looks at a set that tokens bring about at once; then one in each refresh_min
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

---@class FetchEnv
---@field fetch fun(request: FetchRequest, done: fun(answer: FetchAnswer))  done at most once, at once or later
---@field now fun(): number                           seconds since the epoch
---@field store { get: fun(at: string): table?, set: fun(at: string, record: table?) }
---@field note fun(source: Source, outcome: "changed"|"unchanged"|"failed"|"kept", why: string?, document: Document?,
--   answers: boolean?)  kept: the store had it; answers: what failed is its answer

---@class Remote
---@field source Source
---@field held { found: Found, withdrawn: number? }[]
---@field confirmed number?   when the source last said so, seconds since the epoch
---@field failure string?     why the last look failed
---@field answers boolean     it did, but its answer could not be used
---@field failures integer    in a row
---@field may_look fun(): boolean  whether a token may bring about one more look
---@field missing boolean     the source said that there is no such key
---@field touched number      when somebody last asked for it
local remote = {};
remote.__index = remote;

--- The keys at one address; a good answer from an earlier run counts at once.
---@param source Source      'single': one key, which may be missing; 'at': the address
---@param limits table       the entry: key_grace, refresh_min, refresh_max, max_stale (seconds), insecure_url
---@param read fun(text: string): Document?, string?
---@param env FetchEnv
---@return Remote
function keyremote.new(source, limits, read, env)
	local self = setmetatable({
		source = source, limits = limits, read = read, env = env,
		held = {}, failures = 0, answers = false, missing = false, touched = env.now(), next_at = env.now(),
		may_look = allowance.new(source.single and 1 or ASKED_MAX, limits.refresh_min, env.now),
	}, remote);
	self:restore();
	return self;
end

-- What the store kept, unless it is too old by now. A clock that was set back makes it no younger than now.
function remote:restore()
	local kept, now = self.env.store.get(self.source.at), self.env.now();
	if type(kept) ~= "table" or type(kept.text) ~= "string" or type(kept.confirmed) ~= "number" then return; end
	if now - kept.confirmed > self.limits.max_stale then return; end
	local document = self.read(kept.text);
	if not document then return; end
	self.text, self.digest, self.etag = kept.text, keyurl.sha256(kept.text), type(kept.etag) == "table" and kept.etag or nil;
	self.confirmed = math.min(kept.confirmed, now);
	self.next_at = math.min(type(kept.next_at) == "number" and kept.next_at or now, now + self.limits.refresh_max);
	self:hold(document, now);
end

function remote:keep()
	self.env.store.set(self.source.at, {
		text = self.text, etag = self.etag, confirmed = self.confirmed, next_at = self.next_at,
	});
end

-- Take a new set over. A key that was there before stays the same object, with all that is known of it.
function remote:hold(document, now)
	local old, held = {}, {};
	for _, item in ipairs(self.held) do old[item.found.identity] = item; end
	for _, found in ipairs(document and document.found or {}) do
		local before = old[found.identity];
		old[found.identity] = nil;
		held[#held + 1] = { found = before and before.found or found };
	end
	for _, item in ipairs(self.held) do
		if old[item.found.identity] then
			item.withdrawn = item.withdrawn or now;
			held[#held + 1] = item;
		end
	end
	self.held = held;
	self:drop(now);
end

-- Drop what is withdrawn for longer than the grace, and everything once nobody vouches for it any more.
-- True where anything was dropped.
function remote:drop(now)
	local limits, before = self.limits, #self.held;
	local stale = self.confirmed and now - self.confirmed > limits.max_stale;
	for i = #self.held, 1, -1 do
		local withdrawn = self.held[i].withdrawn;
		if stale or withdrawn and now - withdrawn >= limits.key_grace then table.remove(self.held, i); end
	end
	if stale then self.confirmed, self.text, self.digest, self.etag = nil, nil, nil, nil; end
	return #self.held < before;
end

-- Looks ------------------------------------------------------------------------

-- The end of a look; those who waited are told what it was worth.
function remote:settle(outcome, why, document)
	local waiting = self.flight.waiting;
	self.flight = nil;
	self.env.note(self.source, outcome, why, document, self.answers);
	for _, done in ipairs(waiting) do done(outcome ~= "failed"); end
end

function remote:fail(why, answers)
	local limits, now = self.limits, self.env.now();
	self.failure, self.answers, self.failures = why, answers == true, self.failures + 1;
	local pause = limits.refresh_min * math.min(BACKOFF_MAX, 2 ^ math.min(self.failures - 1, 10));
	self.next_at = now + math.min(pause, math.max(limits.refresh_max, limits.refresh_min));
	self:settle("failed", why);
end

function remote:succeed(headers)
	local limits, now = self.limits, self.env.now();
	self.failure, self.failures, self.confirmed = nil, 0, now;
	self.next_at = now + cachecontrol.seconds(headers, limits.refresh_min, limits.refresh_max);
end

local function etag_of(answer, url)
	local tag = answer.headers.etag;
	return type(tag) == "string" and #tag <= ETAG_MAX and { url = url, tag = tag } or nil;
end

function remote:take_body(answer, url)
	local digest = keyurl.sha256(answer.body);
	if digest and digest == self.digest and not self.missing then
		self:succeed(answer.headers);
		self:keep();
		return self:settle("unchanged");
	end
	local document, reason = self.read(answer.body);
	if not document then return self:fail(reason, true); end
	self:succeed(answer.headers);
	self.text, self.digest = without_private(answer.body), digest;
	self.etag, self.missing = etag_of(answer, url), false;
	self:hold(document, self.env.now());
	self:keep();
	self:settle("changed", nil, document);
end

function remote:take_missing(answer)
	local had = self.held[1] ~= nil;
	self:succeed(answer.headers);
	self.text, self.digest, self.etag, self.missing = nil, nil, nil, true;
	self:hold(nil, self.env.now());
	if had then self.env.store.set(self.source.at, nil); end
	self:settle(had and "changed" or "unchanged");
end

function remote:take(answer, url, left)
	if answer.failure then return self:fail(answer.failure, unusable[answer.failure]); end
	if redirects[answer.code] then
		local address = keyurl.redirect(url, answer.headers.location, self.limits.insecure_url);
		if not address then return self:fail("redirect elsewhere", true); end
		if left == 0 then return self:fail("too many redirects", true); end
		return self:look(address, left - 1);
	end
	if answer.code == 304 and self.text and self.flight.etag then
		self:succeed(answer.headers);
		self:keep();
		return self:settle("unchanged");
	end
	if gone[answer.code] and self.source.single then return self:take_missing(answer); end
	if answer.code ~= 200 then return self:fail("status " .. answer.code, true); end
	if type(answer.body) ~= "string" or #answer.body > BYTES_MAX then return self:fail("too much", true); end
	return self:take_body(answer, url);
end

function remote:look(url, left)
	local flight, env = self.flight, self.env;
	local seconds = math.min(SECONDS_MAX, flight.ends - env.now());
	if seconds <= 0 then return self:fail("timeout"); end
	flight.etag = self.etag and self.etag.url == url and self.etag.tag or nil;
	local request = { url = url, etag = flight.etag, seconds = seconds, bytes = BYTES_MAX };
	env.fetch(request, function (answer)
		if self.flight == flight then self:take(answer, url, left); end -- else nobody waits for it any more
	end);
end

function remote:start(done)
	local now = self.env.now();
	self.flight = { waiting = { done }, ends = now + SECONDS_MAX };
	self:look(self.source.at, REDIRECTS_MAX);
end

--- Look again now, if tokens have not brought about too many looks of late; joins the look that is under way.
---@param done fun(known: boolean)  whether what is held now is what the source says; may be called at once
---@param force boolean?            however short a while ago: for the operator
function remote:ask(done, force)
	self.touched = self.env.now();
	if self.flight then
		table.insert(self.flight.waiting, done);
	elseif force or self.may_look() then
		self:start(done);
	else
		done(self.failure == nil);
	end
end

local function nobody() end

-- Where the clock was set back nothing has happened later than now: neither keys nor a look get more time by it.
function remote:mind_clock(now)
	self.touched = math.min(self.touched, now);
	if self.confirmed then self.confirmed = math.min(self.confirmed, now); end
	for _, item in ipairs(self.held) do
		if item.withdrawn then item.withdrawn = math.min(item.withdrawn, now); end
	end
	if self.flight then self.flight.ends = math.min(self.flight.ends, now + SECONDS_MAX); end
end

--- What the time asks for: keys that end, the next look, a look that gets no answer at all.
---@return boolean dropped  keys have ended
function remote:tick()
	local now = self.env.now();
	self:mind_clock(now);
	local dropped = self:drop(now);
	if self.flight then
		if now > self.flight.ends + 1 then self:fail("timeout"); end
	elseif now >= self.next_at or now < self.next_at - self.limits.refresh_max - 1 then -- or the clock was set back
		self:start(nobody);
	end
	return dropped;
end

--- Nobody waits any longer; a late answer changes nothing.
function remote:close()
	local flight = self.flight;
	self.flight = nil;
	for _, done in ipairs(flight and flight.waiting or {}) do done(false); end
end

return keyremote;
