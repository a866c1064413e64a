--- Any JSON at all, and any address, at every endpoint of the REST interface: an answer, and never an error of Lua's.

local answer = require "meetauth.rest.api".answer;
local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local json = require "meetauth.util.json";
local keyheld = require "meetauth.key.held";
local maderooms = require "meetauth.server.maderooms";
local new_revocation = require "meetauth.server.revocation".of;
local revocations = require "meetauth.server.revocations";
local secret_of = require "spec.support.secret";

local key, now = ("a"):rep(32), 1700000000;

local options = {
	meetauth_issuers = { { id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret_of("1") } };
	meetauth_http_keys = { acme = key };
};
local host = assert(hostconfig.read(function (name) return options[name]; end));
local keys = keyheld.of(host.entries);

local atoms = { true, false, core.null, 0, -1, 1.5, 2 ^ 53, 1e300, now + 60, "", "clinic", "*", "private", "cloud", "u-1", "jti",
	"entry", "\0", "\u{FFFF}", ("x"):rep(3000) };
local names = {
	"name", "privacy", "properties", "exp", "nbf", "max_participants", "permissions", "canSend", "canAdmin", "canReceive",
	"enable_recording", "streaming_endpoints", "lang", "ids", "user_ids", "ban", "data", "recipient", "*", "ann", "kind", "value",
	"issued_before", "expires", "zz",
};
local paths = { "rooms", "rooms/clinic", "rooms/Clinic", "rooms/x", "rooms/\0", "rooms/clinic/presence", "rooms/clinic/eject",
	"rooms/clinic/send-app-message", "rooms/clinic/update-permissions", "rooms/x/eject", "presence", "revoke", "revocations",
	"revocations/x" };
local methods = { "GET", "POST", "DELETE", "PUT" };
local queries = { "limit", "starting_after", "ending_before", "userId", "userName" };

local function pick(list) return list[math.random(#list)]; end

local function any(depth)
	local kind = depth > 4 and 1 or math.random(3);
	if kind == 1 then return pick(atoms); end
	local value = kind == 2 and {} or setmetatable({}, core.array_mt);
	for i = 1, math.random(0, 4) do value[kind == 2 and pick(names) or i] = any(depth + 1); end
	return value;
end

-- Rooms and revocations in memory, as a server keeps them.
local function service()
	local set, rows, serial = revocations.new(), {}, 0;
	local function key_of(entry, name) return (maderooms.key(entry.id, name)); end
	local function find(entry, name)
		local at = key_of(entry, name);
		return rows[at] and assert(maderooms.read(at, rows[at]), "a room cannot be read again");
	end
	local function next_id() serial = serial + 1; return "id-" .. serial; end
	local function nothing() end
	return {
		owners = host.api_keys, keys = keys, max_token = 16384, now = now, may = function () return true; end, refused = nothing,
		rooms = {
			find = find, known = find, url = function (_, name) return name; end, new_id = next_id, new_name = next_id,
			list = function () return {}; end,
			keep = function (room) rows[(maderooms.key(room.entry, room.name))] = maderooms.row(room); return true; end,
			drop = function (room) rows[(maderooms.key(room.entry, room.name))] = nil; return true; end,
		},
		calls = {
			all = function () return {}; end, ban = nothing, eject = nothing, permit = nothing,
			people = function (_, name)
				return name ~= "x" and { { id = "ann", user_id = "u-1", joined = now - 5, meeting = "m" } } or {};
			end,
			send = function (_, data) assert.is_string(json.encode(data)); end,
		},
		revocations = {
			max = 10, ids = function (entry) return set:ids(entry); end, get = function (id) return set:get(id); end,
			find = function (...) return set:find(...); end, count = function (entry) return set:count_of(entry); end,
			revoke = function (kind, value, wanted)
				local one, problem = new_revocation(kind, value, wanted, host.entries, 0, now);
				if one then set:add(one); end
				return one, problem;
			end,
			unrevoke = function (id) set:remove(id); return true; end,
		},
	};
end

describe("any JSON at all", function ()
	it("has an answer everywhere, which can be written as JSON", function ()
		math.randomseed(13);
		local statuses, served = {}, service();
		for i = 1, 20000 do
			local body = any(0);
			if i % 2 == 0 then body = { [pick(names)] = any(2), [pick(names)] = any(1) }; end
			local query = { [pick(queries)] = tostring(pick(atoms)) };
			local got = answer({
				method = pick(methods), path = pick(paths), query = query, authorization = "Bearer " .. key,
				content_type = "application/json", body = json.encode(body),
			}, served);
			statuses[got.status] = (statuses[got.status] or 0) + 1;
			assert.is_string(json.encode(got.body));
			assert.is_true(got.status == 200 or type(got.body.error) == "string" and type(got.body.info) == "string");
			assert.is_true(got.status == 200 or #got.body.info < 256);
		end
		for _, status in ipairs({ 200, 400, 404, 405 }) do assert.is_true(statuses[status] > 100, tostring(status)); end
		assert.is_nil(statuses[500]);
	end);
end);
