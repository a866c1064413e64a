--- An ASAP key server: one address for each key's name, so one look for each name that a token brings.
-- Names are outsiders' bytes: how many are looked up, and how many remembered, is bounded.

local keyremote = require "meetauth.key.remote";
local keyurl = require "meetauth.key.url";

local keyasap = {};

local NAMES_MAX = 128;    -- remembered, with a key or known to have none
local NEW_NAMES_MAX = 10; -- looked up in each refresh_min

---@class KeyServer
---@field remotes table<string, Remote>  by kid
local server = {};
server.__index = server;

---@param source Source
---@param limits table    the entry
---@param read fun(text: string, kid: string): Document?, string?
---@param env FetchEnv
---@return KeyServer
function keyasap.new(source, limits, read, env)
	return setmetatable({
		source = source, limits = limits, read = read, env = env,
		remotes = {}, count = 0, fresh = 0, since = env.now(),
	}, server);
end

-- Who goes where all places are taken: a name without a key before one with, then whoever was asked for longest ago.
local function goes_before(one, other)
	local has, other_has = one.held[1] ~= nil, other.held[1] ~= nil;
	if has ~= other_has then return other_has; end
	return one.touched < other.touched;
end

function server:make_room()
	local last;
	for kid, remote in pairs(self.remotes) do
		if not remote.flight and (not last or goes_before(remote, self.remotes[last])) then last = kid; end
	end
	if not last then return false; end
	self.remotes[last], self.count = nil, self.count - 1;
	return true;
end

-- Whether one more name may be looked up in this stretch of time.
function server:may_ask_new()
	local now = self.env.now();
	if now - self.since >= self.limits.refresh_min or now < self.since then self.since, self.fresh = now, 0; end
	if self.fresh >= NEW_NAMES_MAX then return false; end
	self.fresh = self.fresh + 1;
	return true;
end

function server:add(kid)
	if self.count >= NAMES_MAX and not self:make_room() then return nil; end
	local address = keyurl.asap(self.source.at, kid);
	if not address then return nil; end
	local source = { kind = self.source.kind, at = address, label = self.source.label, entry = self.source.entry, single = true };
	local remote = keyremote.new(source, self.limits, function (text) return self.read(text, kid); end, self.env);
	self.remotes[kid], self.count = remote, self.count + 1;
	return remote;
end

--- Look the name up, if it is not known.
---@param kid string
---@param done fun(known: boolean)  as Remote.ask
function server:ask(kid, done)
	local remote = self.remotes[kid];
	if not remote then
		if not self:may_ask_new() then return done(false); end
		remote = self:add(kid);
		if not remote then return done(false); end
		if remote.held[1] then
			self.env.note(remote.source, "kept");
			return done(true);
		end
	end
	remote:ask(done);
end

-- How long a name is remembered that nobody asks for: one without a key only until it may be looked up again.
local function idle_max(remote, limits)
	return remote.held[1] and limits.max_stale or limits.refresh_min;
end

--- What the time asks for; names that nobody asked for in a long while are forgotten.
---@return boolean moved  keys, or addresses that do not answer, are fewer
function server:tick()
	local now, kept, moved = self.env.now(), {}, false;
	for kid, remote in pairs(self.remotes) do
		if not remote.flight and now - remote.touched > idle_max(remote, self.limits) then
			self.remotes[kid], self.count = nil, self.count - 1;
			if remote.held[1] then self.env.store.set(remote.source.at, nil); end
			moved = moved or remote.held[1] ~= nil or remote.failure ~= nil;
		elseif remote.flight or remote.held[1] then
			kept[#kept + 1] = remote; -- a name without a key is looked up when a token brings it again
		end
	end
	for _, remote in ipairs(kept) do moved = remote:tick() or moved; end -- whoever waited may ask for further names
	return moved;
end

function server:close()
	for _, remote in pairs(self.remotes) do remote:close(); end
end

return keyasap;
