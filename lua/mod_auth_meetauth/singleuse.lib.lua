-- singleuse: a token whose entry says so logs in once. A connection that dropped comes back with it nevertheless, to
-- the stream that it names (previd) and that this same token has opened: to resume it, and for nothing else.

local time = require "util.time";
local new_uuid = require "util.uuid".generate;

local claim = require "meetauth.singleuse".claim;
local name_of = require "meetauth.singleuse".name;

local singleuse = {};

local SWEEP = 3600; -- seconds between two looks for claims of expired tokens
local SLICE_EVERY, SLICE = 1, 0.02; -- seconds: how often and how long, while it looks

local NEVER = 2 ^ 53; -- seconds: a number that every storage keeps as it is

local storage, host;

local resumes_only = setmetatable({}, { __mode = "k" }); -- session -> true

-- Of two the one that was made earlier comes first, as far as clocks agree.
local function new_id()
	return ("%014x-%s"):format(math.floor(time.now() * 1000000), new_uuid());
end

--- Use a session's token up, if it is for single use.
---@param session table   logged in but for this
---@param resumed fun(session: table): table?  the live session that one means to resume
---@return string? reason  already-used, storage-unavailable
function singleuse.refused(session, resumed)
	local grant = session.meetauth_grant;
	if not grant or not grant.single_use then return nil; end
	local old = resumed(session);
	if old and old.auth_token == session.auth_token then
		resumes_only[session] = true;
		return nil;
	end
	local name = name_of(grant.entry, grant.token_id, session.auth_token);
	local claimed, reason = claim(storage.claims, name, new_id(), math.min(grant.expires, NEVER));
	if claimed then return nil; end
	if reason == "storage-unavailable" and host().meetauth_storage_down == "open" then
		session.log("warn", "Meeting token for single use accepted without a record: storage-unavailable");
		return nil;
	end
	return reason;
end

local function binding(event)
	if not resumes_only[event.session] then return nil; end
	event.session.log("info", "Meeting token refused: already-used");
	event.error = { type = "cancel", condition = "not-allowed", text = "already-used" };
	return false;
end

local function is_over(claims, now)
	for _, expires in pairs(claims) do
		if type(expires) ~= "number" or now < expires then return false; end
	end
	return true;
end

local names = {}; -- still to be looked at

local function sweep()
	if not names[1] then names = storage.claims.names(); end
	local now, enough = time.now(), time.monotonic() + SLICE;
	while names[1] and time.monotonic() < enough do
		local name = table.remove(names);
		local claims = storage.claims.read(name);
		if claims and is_over(claims, now) then storage.claims.forget(name); end
	end
	return names[1] and SLICE_EVERY or SWEEP;
end

---@param this_storage table
---@param read_host fun(): table  the configuration in use
function singleuse.watch(this_storage, read_host)
	storage, host = this_storage, read_host;
	module:hook("pre-resource-bind", binding);
	module:add_timer(SLICE_EVERY, sweep);
end

return singleuse;
