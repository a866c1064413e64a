--- The state of one address in an issuer entry: its keys, how long each is valid, and the result of the last request. The
-- last good answer stays valid until a newer one comes. A key that the newest answer lacks becomes invalid after a time.
-- address.lua decides when the address is asked.

local keyaddress = require "meetauth.key.address";
local keyurl = require "meetauth.key.url";

local keyremote = {};

---@class FetchEnv
---@field fetch fun(request: FetchRequest, done: fun(answer: FetchAnswer))  done at most one time, immediately or later
---@field now fun(): number                           seconds since the epoch
---@field store { get: fun(at: string): table?, set: fun(at: string, record: table?) }
---@field addresses AddressBook                       of all hosts
---@field note fun(source: Source, outcome: "changed"|"unchanged"|"failed"|"kept", why: string?, document: Document?,
--   answers: boolean?)  kept: the store had it; answers: what failed is its answer

---@class Remote
---@field source Source
---@field address Address
---@field held { found: Found, withdrawn: number? }[]
---@field confirmed number?   when the source last said so, seconds since the epoch
---@field failure string?     why the last look failed
---@field answers boolean     it did, but its answer could not be used
---@field touched number      when somebody last asked for it
local remote = {};
remote.__index = remote;

--- The keys at one address; text that is valid there is used immediately.
---@param source Source      'single': one key, which may be missing; 'at': the address
---@param limits table       the entry: key_grace, refresh_min, refresh_max, max_stale (seconds), insecure_url
---@param read fun(text: string): Document?, string?
---@param env FetchEnv
---@param before Remote?     the source whose place it takes: its keys are treated as withdrawn once this one has keys
---@return Remote
function keyremote.new(source, limits, read, env, before)
	local self = setmetatable({
		source = source, limits = limits, read = read, env = env, answers = false, touched = env.now(),
		held = before and before.held or {}, confirmed = before and before.confirmed,
	}, remote);
	self.address = keyaddress.join(self);
	self:restore();
	if not self.digest then self.failure, self.answers = self.address.failure, self.address.answers == true; end
	return self;
end

function remote:restore()
	local text, confirmed, kept = self.address:kept_for(self);
	if not text then return; end
	local document, reason = self.read(text);
	if kept and document then self.address:take_kept(kept); end
	if not kept then self.address.unusable[self] = reason; end
	if not document then return; end
	self.digest, self.confirmed = keyurl.sha256(text), confirmed;
	self:hold(document, self.env.now());
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
	local before = #self.held;
	local stale = self.confirmed and now - self.confirmed > self.address:bounds().max_stale;
	for i = #self.held, 1, -1 do
		local withdrawn = self.held[i].withdrawn;
		if stale or withdrawn and now - withdrawn >= self.limits.key_grace then table.remove(self.held, i); end
	end
	if stale then self.confirmed, self.digest = nil, nil; end
	return #self.held < before;
end

-- The result of a request, for the address to tell ---------------------------------------

---@param why string
---@param answers boolean
function remote:fail(why, answers)
	self.failure, self.answers = why, answers;
	self.env.note(self.source, "failed", why, nil, answers);
end

--- Read the body of an answer.
---@param body string
---@param digest string?
---@param anew boolean  even if it is the body before
---@return Document|"unchanged"|nil document
---@return string? reason  why it cannot be used
function remote:read_body(body, digest, anew)
	if digest and digest == self.digest and not anew then return "unchanged"; end
	return self.read(body);
end

--- The present answer of the address.
---@param document Document|"unchanged"
---@param digest string?  of the body that it was read from
function remote:take(document, digest)
	self.failure, self.confirmed = nil, self.env.now();
	if document == "unchanged" then return self.env.note(self.source, "unchanged"); end
	self.digest = digest;
	self:hold(document, self.confirmed);
	self.env.note(self.source, "changed", nil, document);
end

--- The source has no such key.
function remote:withdraw()
	local had = self.held[1] ~= nil;
	self.failure, self.digest, self.confirmed = nil, nil, self.env.now();
	self:hold(nil, self.confirmed);
	self.env.note(self.source, had and "changed" or "unchanged");
end

-- Callers who are told -------------------------------------------------------------------

--- As Address.ask.
---@param done fun(known: boolean)
---@param force boolean?
function remote:ask(done, force)
	self.touched = self.env.now();
	self.address:ask(self, done, force);
end

---@return boolean
function remote:is_asking() return self.address.flight ~= nil; end

--- The work for the present time: keys that end, and the work of the address. A clock that was set back gives no key more
-- time.
---@return boolean dropped  keys have ended
function remote:tick()
	local now = self.env.now();
	self.touched = math.min(self.touched, now);
	if self.confirmed then self.confirmed = math.min(self.confirmed, now); end
	for _, item in ipairs(self.held) do
		if item.withdrawn then item.withdrawn = math.min(item.withdrawn, now); end
	end
	local dropped = self:drop(now);
	self.address:tick(now);
	return dropped;
end

--- Nobody waits any longer; a late answer changes nothing.
function remote:close()
	self.address:leave(self);
end

return keyremote;
