--- An ASAP key server: one address for each key's name, and therefore one request for each name that a token has. Names
-- are outsiders' bytes, and any number can come. The requests at one time and per second, the waiting logins and the
-- remembered names have limits. A flood of forged names therefore leaves room for a new good name.

local allowance = require "meetauth.util.allowance";
local keyremote = require "meetauth.key.remote";
local keyurl = require "meetauth.key.url";

local keyasap = {};

local NAMES_MAX = 128;   -- remembered, with a key or known to have none
local FLIGHTS_MAX = 8;   -- requests at one time
local RATE = 20;         -- looks that begin in a second, which a key server does not notice
local WAITING_MAX = 64;  -- names that wait for their look; beyond that the one that waits longest is told that there is none
local PATIENCE = 5;      -- seconds that a name waits, as a login does

---@class KeyServer
---@field needs_kid true       it is asked for names only
---@field remotes table<string, Remote>  by kid
---@field waiting { kid: string, dones: (fun(known: boolean))[], since: number }[]  names without a look; the newest last
---@field flights integer     looks under way
---@field may_look fun(seconds: number): boolean  whether one more may begin
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
		needs_kid = true, remotes = {}, count = 0, flights = 0, waiting = {}, may_look = allowance.new(RATE, env.now),
	}, server);
end

-- The name that loses its place when all are taken: first a name without a key, then the name that was asked for longest
-- ago.
local function goes_before(one, other)
	local has, other_has = one.held[1] ~= nil, other.held[1] ~= nil;
	if has ~= other_has then return other_has; end
	return one.touched < other.touched;
end

function server:forget(kid)
	self.remotes[kid]:close();
	self.remotes[kid], self.count = nil, self.count - 1;
end

function server:make_room()
	local last;
	for kid, remote in pairs(self.remotes) do
		if not remote:is_asking() and (not last or goes_before(remote, self.remotes[last])) then last = kid; end
	end
	if not last then return false; end
	self:forget(last);
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

local function tell(dones, known)
	for _, done in ipairs(dones) do done(known); end
end

-- Begin the look that a name waits for. A key that an earlier run has kept needs no request.
function server:look(one)
	local remote = self:add(one.kid);
	self.flights = self.flights + 1;
	local function settled(known)
		self.flights = self.flights - 1;
		tell(one.dones, known);
		self:go_on();
	end
	if not remote then return settled(false); end
	if remote.held[1] then
		self.env.note(remote.source, "kept");
		return settled(true);
	end
	remote:ask(settled);
end

-- Begin what may begin: the newest first, for those before it may have given up.
function server:go_on()
	while not self.closed and self.waiting[1] and self.flights < FLIGHTS_MAX and self.may_look(1 / RATE) do
		self:look(table.remove(self.waiting));
	end
end

function server:wait(kid, done)
	for _, one in ipairs(self.waiting) do
		if one.kid == kid then return table.insert(one.dones, done); end
	end
	table.insert(self.waiting, { kid = kid, dones = { done }, since = self.env.now() });
	if #self.waiting > WAITING_MAX then tell(table.remove(self.waiting, 1).dones, false); end
end

--- Look the name up, if it is not known. One that has a key, or has been looked up, waits for nobody.
---@param kid string
---@param done fun(known: boolean)  as Remote.ask
function server:ask(kid, done)
	local remote = self.remotes[kid];
	if remote then return remote:ask(done); end
	self:wait(kid, done);
	self:go_on();
end

-- How long a name is remembered that nobody asks for: one without a key only until it may be looked up again.
local function idle_max(remote, limits)
	return remote.held[1] and limits.max_stale or limits.refresh_min;
end

--- The work for the present time; names that nobody asked for in a long while are forgotten.
---@return boolean moved  keys, or addresses that do not answer, are fewer
function server:tick()
	local now, kept, moved = self.env.now(), {}, false;
	for kid, remote in pairs(self.remotes) do
		if not remote:is_asking() and now - remote.touched > idle_max(remote, self.limits) then
			self:forget(kid);
			if remote.held[1] then self.env.store.set(remote.source.at, nil); end
			moved = moved or remote.held[1] ~= nil or remote.failure ~= nil;
		elseif remote:is_asking() or remote.held[1] then
			kept[#kept + 1] = remote; -- a name without a key is looked up when a token brings it again
		end
	end
	for _, remote in ipairs(kept) do moved = remote:tick() or moved; end -- a token that waited can ask for further names
	while self.waiting[1] and now - self.waiting[1].since >= PATIENCE do tell(table.remove(self.waiting, 1).dones, false); end
	self:go_on();
	return moved;
end

function server:close()
	self.closed = true;
	for _, one in ipairs(self.waiting) do tell(one.dones, false); end
	self.waiting = {};
	for _, remote in pairs(self.remotes) do remote:close(); end
end

return keyasap;
