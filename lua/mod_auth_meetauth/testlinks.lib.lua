-- testlinks: links by which the operator tries a room: signed with the secret of an entry, which stays here, and told to the
-- audit. The file meetauth/page/testlink.lua decides their contents.

local random_bytes = require "util.random".bytes;
local time_now = require "util.time".now;

local bytes = require "meetauth.util.bytes";
local can_sign = require "meetauth.rest.apikeys".can_sign;
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local roomhosts = require "meetauth.server.roomhosts";
local roomurl = require "meetauth.room.url";
local signing_key = require "meetauth.rest.apikeys".signing_key;

local audit = module:require "audit";
local current = module:require "current";
local examine = module:require "examine";

local testlinks = {};

local ID = 16; -- bytes of chance

local function entry_of(id)
	for _, entry in ipairs(current.site.entries) do
		if entry.id == id then return entry; end
	end
	return nil;
end

--- The entries of this host: their ids, dialects, whether they only observe, and whether a link can be made in their name.
---@return { id: string, dialect: string, mode: string, signs: boolean }[]
function testlinks.entries()
	local list = {};
	for i, entry in ipairs(current.site.entries) do
		list[i] = { id = entry.id, dialect = entry.dialect, mode = entry.mode, signs = can_sign(entry) };
	end
	return list;
end

--- The claims of a link, before it is made.
---@param id any          of an entry
---@param form TestLink
---@return table? claims
---@return string? problem  in words
---@return table? entry
function testlinks.draft(id, form)
	local entry = entry_of(id);
	if not entry then return nil, "entry: expected one of this host's"; end
	local claims_of = require "meetauth.page.testlink".claims; -- only once somebody tries a room
	local claims, problem = claims_of(entry, module.host, form, math.floor(time_now()), bytes.hex(random_bytes(ID)));
	return claims, problem, entry;
end

local function tell(entry, key, claims, room)
	local main = roomhosts.main_of(function (name) return module:get_option(name); end, module.host);
	module:log("info", "Test link made, in the name of %s", entry.id);
	if not current.site.meetauth_audit then return; end
	audit.tell({
		event = "test_link", host = module.host, room = ("%s@%s"):format(room, main), entry = entry.id, dialect = entry.dialect,
		kid = key:kid(), jti = claims.jti,
	});
end

--- Make one.
---@param id any
---@param form TestLink
---@return { link: string, claims: table, refused: string? }? made  refused: why this server would take it from nobody
---@return string? problem  in words
function testlinks.make(id, form)
	local claims, problem, entry = testlinks.draft(id, form);
	if not claims then return nil, problem; end
	local key = signing_key(current.site.keys.store.keys[entry] or {});
	if not key then return nil, "entry: it has nothing to sign with: its issuer makes its tokens"; end
	local token, unsigned = core.sign(key, json.encode({ alg = key:alg(), kid = key:kid(), typ = "JWT" }), json.encode(claims));
	if not token then return nil, unsigned; end
	local name = claims.room or claims.r;
	local node = entry.tenant and ("[%s]%s"):format(entry.tenant, name) or name;
	tell(entry, key, claims, node);
	local address = roomurl.of(current.site.meetauth_http_room_url, module.host, entry.tenant and bytes.escape(entry.tenant),
		bytes.escape(name));
	return { link = roomurl.with_token(address, token), claims = claims, refused = examine.of(token, node).reason };
end

return testlinks;
