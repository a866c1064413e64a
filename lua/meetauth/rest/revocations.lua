--- Taking tokens back by REST: not Daily's, whose tokens count until they expire. A key revokes tokens of its own entry, and
-- lifts what it has revoked; what the operator has revoked stays so.

local answers = require "meetauth.rest.answers";
local core = require "meetauth.core";
local dailyjson = require "meetauth.dialect.daily.json";
local kinds = require "meetauth.rest.kinds";
local page = require "meetauth.rest.page";

local restrevocations = {};

local null = core.null;

local BY = "rest"; -- who has revoked it: else the operator
local OPERATORS = "the operator made this revocation, and only the operator can change it";

local failed, failed_for = answers.failed, answers.failed_for;

---@class RestRevocations   the revocations of a host
---@field revoke fun(kind: string, value: string, options: table, by: string): Revocation?, string?
---@field ids fun(entry: string): { id: string }[]     the revocations that hit tokens of one entry only, the newest first
---@field get fun(id: string): Revocation?
---@field find fun(kind: string, value: string, entry: string?): Revocation?
---@field count fun(entry: string): integer           of an entry's revocations, the ones that its key has made
---@field unrevoke fun(id: string): boolean?, string?
---@field max integer                                that one entry's key may have

local members = { kind = true, value = true, issued_before = true, expires = true };

local KEPT_NOWHERE = "the revocation cannot be stored: %s";

local function is_of(one, entry)
	return one.entry == entry.id or one.kind == "entry" and one.value == entry.id;
end

-- Of a user the id is shown, and asked for, as the entry's tokens have it: without the prefix.
local function shown(one, entry)
	local value, prefix = one.value, entry.user_prefix;
	if one.kind == "user" and value:sub(1, #prefix) == prefix then value = value:sub(#prefix + 1); end
	return {
		id = one.id, kind = one.kind, value = value, issued_before = one.issued_before, since = one.since, ends = one.ends,
		by = one.by == BY and "key" or "operator",
	};
end

-- The revocation that a request asks for: kind, value, options; nil and what is wrong.
local function read(body, entry)
	if not dailyjson.is_object(body) then return nil, "the body should be an object"; end
	local strange = kinds.stranger(body, members);
	if strange then return nil, strange; end
	local asked = {};
	for name, value in pairs(body) do
		if value ~= null then asked[name] = value; end
	end
	local kind, value, options = asked.kind, asked.value, { issued_before = asked.issued_before, expires = asked.expires };
	if type(kind) ~= "string" then return nil, "missing required field: kind"; end
	if kind == "entry" then
		if (value or entry.id) ~= entry.id then return nil, "value should be the API key's entry"; end
		return kind, entry.id, options;
	end
	if type(value) ~= "string" then return nil, "value should be a string"; end
	options.entry = entry.id;
	return kind, kind == "user" and entry.user_prefix .. value or value, options;
end

local function revoke(request, service, entry)
	local body, refusal = answers.read_body(request);
	if refusal then return refusal; end
	local kind, value, options = read(body, entry);
	if not kind then return failed("invalid", value); end
	local there = service.revocations.find(kind, value, options.entry);
	if there and there.by ~= BY then return failed("forbidden", OPERATORS); end
	if not there and service.revocations.count(entry.id) >= service.revocations.max then
		local full = "there are already %d revocations, which is the limit. Revoke by entry and issued_before";
		return failed("invalid", full:format(service.revocations.max));
	end
	local one, problem = service.revocations.revoke(kind, value, options, BY);
	if problem == "storage-unavailable" then return failed_for(problem, KEPT_NOWHERE); end
	if not one then return failed("invalid", problem); end
	return { status = 200, body = shown(one, entry), event = "tokens revoked" };
end

local function list_all(request, service, entry)
	local list = service.revocations.ids(entry.id);
	local part, wrong = page.of(list, request.query, "revocation");
	if not part then return failed("invalid", wrong); end
	local data = setmetatable({}, core.array_mt);
	for i, one in ipairs(part) do data[i] = shown(service.revocations.get(one.id), entry); end
	return { status = 200, body = { total_count = #list, data = data } };
end

local function delete(request, service, entry)
	local id = request.path:match("^revocations/(.+)$");
	local one = service.revocations.get(id);
	if not one or not is_of(one, entry) then
		return failed("no_address", ("revocation %s not found"):format(kinds.shown(id)));
	end
	if one.by ~= BY then return failed("forbidden", OPERATORS); end
	local done, problem = service.revocations.unrevoke(id);
	if not done then return failed_for(problem, "the revocation could not be deleted: %s"); end
	return { status = 200, body = { deleted = true, id = id }, event = "revocation lifted" };
end

restrevocations.endpoints = {
	{ path = "^revoke$", methods = { POST = revoke }, allow = "POST" };
	{ path = "^revocations$", methods = { GET = list_all, HEAD = list_all }, allow = "GET, HEAD" };
	{ path = "^revocations/[^/]+$", methods = { DELETE = delete }, allow = "DELETE" };
};

return restrevocations;
