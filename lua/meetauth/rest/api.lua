--- Daily's REST interface: a request in, a status and a body out. It finds the owner of the API key and the endpoint, and
-- has the endpoints for tokens. It knows no HTTP, no clock and no Prosody. Error words are Daily's, and the free text
-- next to them is ours. A new token must pass the host's own verification before it is returned.

local core = require "meetauth.core";
local answers = require "meetauth.rest.answers";
local apikeys = require "meetauth.rest.apikeys";
local calls = require "meetauth.rest.calls";
local json = require "meetauth.util.json";
local new_grant = require "meetauth.access.grant".of;
local policy = require "meetauth.access.policy";
local properties = require "meetauth.rest.properties";
local restrevocations = require "meetauth.rest.revocations";
local rooms = require "meetauth.rest.rooms";
local verifier = require "meetauth.token.verifier";

local restapi = {};

---@class RestRequest
---@field method string
---@field path string           below the base, such as "meeting-tokens"
---@field query table<string, string>
---@field authorization string?
---@field content_type string?
---@field content_encoding string?
---@field transfer_encoding string?
---@field body string|false     false: longer than the server takes

---@class RestService
---@field owners table<string, table>  from apikeys.read
---@field keys Keys                    that count now
---@field max_token integer            bytes
---@field now number                   seconds since the epoch
---@field may fun(entry: table?): boolean  one more request of that entry's key, or of a stranger
---@field rooms RestRooms
---@field calls RestCalls
---@field revocations RestRevocations
---@field refused fun(grant: Grant): string?  what is kept of tokens says no: revoked, storage-unavailable

-- For mod_http_meetauth, where there is no host to ask, and for the page.
restapi.errors, restapi.failed = answers.errors, answers.failed;

local failed, failed_for = answers.failed, answers.failed_for;

-- The caller -----------------------------------------------------------------------

local function entry_of(request, service)
	local scheme, key = (request.authorization or ""):match("^(%a+) +([!-~]+)$");
	if not scheme or scheme:lower() ~= "bearer" then
		return nil, failed("no_api_key", "invalid authorization header");
	end
	local entry = apikeys.owner(service.owners, key);
	if not entry then return nil, failed("unknown_api_key"); end
	return entry;
end

-- Verification by one entry's keys alone: keys of other entries are not tried. Kept as long as the entry has these keys.
local verifiers = setmetatable({}, { __mode = "k" });

local function verify_of(entry, service)
	local known, keys = verifiers[entry], service.keys[entry];
	if not known or known.keys ~= keys then
		known = { keys = keys, verify = verifier.of_entries({ entry }, service.max_token, { [entry] = keys }) };
		verifiers[entry] = known;
	end
	return known.verify;
end

-- Endpoints --------------------------------------------------------------------------

local function domain(_, _, entry)
	return { status = 200, body = { domain_name = entry.id, domain_id = entry.domain_id, config = {} } };
end

-- The first claim that the entry needs and nobody asked for, under its long name.
local function missing(claims, entry)
	local needed = { table.unpack(entry.asked.require) };
	if entry.room == "required" then table.insert(needed, 1, "r"); end
	for _, claim in ipairs(needed) do
		if claims[claim] == nil then return properties.name_of(claim); end
	end
	return nil;
end

-- Why nobody gets in with verified claims; nil and their grant: somebody does. It uses the claims up.
local function useless(claims, entry, service)
	if entry.mode == "observe" then return "observed-only"; end
	local grant, reason = new_grant(claims, entry);
	if not grant then return reason; end
	if not policy.is_listed(grant) then return "room-mismatch"; end
	return service.refused(grant), grant;
end

-- The fault of a token that was just made, once its nbf has come.
local function flaw(token, claims, entry, service)
	local read, reason = verify_of(entry, service)(token, math.max(service.now, claims.nbf or 0));
	local grant;
	if read then reason, grant = useless(read, entry, service); end
	if reason then return failed_for(reason, "the token would be refused: %s"); end
	if claims.o and grant.owner ~= "granted" then return failed("invalid", "is_owner: this domain's tokens "
		.. "cannot make a user an owner"); end
	return nil;
end

local function mint(request, service, entry)
	local body, answer = answers.read_body(request);
	if answer then return answer; end
	local claims, dropped = properties.read(body, service.now);
	if not claims then return failed("invalid", dropped); end
	claims.d, claims.iat = entry.domain_id, math.floor(service.now);
	local lacks = missing(claims, entry);
	if lacks then return failed("invalid", "missing required field: " .. lacks); end

	local key = apikeys.signing_key(service.keys[entry]);
	if not key then return failed_for("unknown-key", "the token would be refused: %s"); end -- none counts now
	local head = json.encode({ alg = key:alg(), typ = "JWT", kid = key:kid() });
	local token, unsigned = core.sign(key, head, json.encode(claims));
	if not token then return failed("broken", unsigned); end
	local flawed = flaw(token, claims, entry, service);
	if flawed then return flawed; end
	return { status = 200, body = { token = token }, event = "minted", dropped = dropped };
end

-- Claims of a token that is good now or, where that is asked for, once its nbf has come.
local function verified(token, ignore_nbf, entry, service)
	local verify = verify_of(entry, service);
	local claims, reason = verify(token, service.now);
	if reason ~= "not-yet-valid" or not ignore_nbf then return claims, reason; end
	return verify(token, verify.reader:unverified().nbf); -- verified except its time
end

local function validate(request, service, entry)
	local token = request.path:match("^meeting%-tokens/(.+)$");
	local claims, reason = verified(token, request.query.ignoreNbf == "true", entry, service);
	if not claims then return failed("invalid", reason); end
	local read, unreadable = properties.write(claims, entry.claim_names == "either");
	if not read then return failed("invalid", unreadable); end
	local refused = useless(claims, entry, service);
	if refused then return failed_for(refused, "%s"); end
	return { status = 200, body = read, event = "validated" };
end

local endpoints = {
	{ path = "^$", methods = { GET = domain, HEAD = domain }, allow = "GET, HEAD" };
	{ path = "^meeting%-tokens$", methods = { POST = mint }, allow = "POST" };
	{ path = "^meeting%-tokens/[^/]+$", methods = { GET = validate, HEAD = validate }, allow = "GET, HEAD" };
};

for _, part in ipairs({ rooms, calls, restrevocations }) do
	table.move(part.endpoints, 1, #part.endpoints, #endpoints + 1, endpoints);
end

local function route(request)
	for _, endpoint in ipairs(endpoints) do
		if request.path:find(endpoint.path) then
			local handle = endpoint.methods[request.method];
			if handle then return handle; end
			local answer = failed("no_method", "the method should be one of " .. endpoint.allow);
			answer.allow = endpoint.allow;
			return nil, answer;
		end
	end
	return nil, failed("no_address");
end

local function answer_owner(request, service, entry)
	if not service.may(entry) then return failed("too_many"); end
	local handle, answer = route(request);
	if not handle then return answer; end
	return handle(request, service, entry);
end

--- Answer a request.
---@param request RestRequest
---@param service RestService
---@return RestAnswer
function restapi.answer(request, service)
	local entry, refusal = entry_of(request, service);
	if not entry then
		return service.may(nil) and refusal or failed("too_many");
	end
	local answer = answer_owner(request, service, entry);
	answer.entry = entry;
	return answer;
end

return restapi;
