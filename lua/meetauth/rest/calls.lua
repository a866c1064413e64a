--- Calls under way in Daily's REST interface: who is in them, put out, told something, permitted something. Of each call
-- only what an entry's own bearers are to it, and guests of the rooms that its back end has made. The people themselves
-- are handed in, and what is done to them.

local answers = require "meetauth.rest.answers";
local core = require "meetauth.core";
local dailyjson = require "meetauth.dialect.daily.json";
local json = require "meetauth.util.json";
local kinds = require "meetauth.rest.kinds";
local rooms = require "meetauth.rest.rooms";

local calls = {};

local null = core.null;

local IDS_MAX = 100; -- of each list
local DATA_MAX = 4096; -- bytes of JSON
local PAGE_MAX = 100;

local failed = answers.failed;

---@class Person            an occupant of a room
---@field id string           their nick there
---@field user_id string?     with the entry's prefix; nil: the token says none, or there is none
---@field name string?
---@field joined number       seconds since the epoch
---@field meeting string      one for each time that the room is used

---@class RestCalls
---@field all fun(entry: table): table<string, Person[]>        by the name of the room
---@field people fun(entry: table, name: string): Person[]
---@field eject fun(person: Person)
---@field ban fun(entry: table, name: string, user_ids: string[])  with the entry's prefix
---@field send fun(person: Person, data: table)
---@field permit fun(person: Person, p: table)                  the claim

local function in_order(people)
	table.sort(people, function (a, b)
		if a.joined ~= b.joined then return a.joined < b.joined; end
		return a.id < b.id;
	end);
	return people;
end

-- The name of a user for the entry's back end: without the prefix.
local function own_id(entry, user_id)
	local prefix = entry.user_prefix;
	if not user_id or user_id:sub(1, #prefix) ~= prefix then return nil; end
	return user_id:sub(#prefix + 1);
end

local function row_of(person, name, now, entry)
	return {
		room = name, id = person.id, userId = own_id(entry, person.user_id) or null, userName = person.name or null,
		mtgSessionId = person.meeting, joinTime = rooms.moment(math.floor(person.joined * 1000)),
		duration = math.max(math.floor(now - person.joined), 0),
	};
end

-- Presence -------------------------------------------------------------------

local function all_presence(_, service, entry)
	local body = {};
	for name, people in pairs(service.calls.all(entry)) do
		local list = setmetatable({}, core.array_mt);
		for i, person in ipairs(in_order(people)) do list[i] = row_of(person, name, service.now, entry); end
		if list[1] then body[name] = list; end
	end
	return { status = 200, body = body };
end

-- The name of the room that a request is about, as its back end writes it, and its people; nil and the answer.
local function call_of(request, service, entry)
	local name = request.path:match("^rooms/([^/]+)");
	if not rooms.is_name(name) then return nil, rooms.not_found(name); end
	local made, people = service.rooms.known(entry, name), service.calls.people(entry, name);
	return made and made.name or name, in_order(people), made;
end

local function presence(request, service, entry)
	local name, people, made = call_of(request, service, entry);
	if not name then return people; end
	if not made and not people[1] then return rooms.not_found(name); end
	local query = request.query;
	local limit = math.tointeger(tonumber(query.limit or PAGE_MAX));
	if not limit or limit < 1 then return failed("invalid", "limit should be a whole number, 1 or more"); end
	local count, data = 0, setmetatable({}, core.array_mt);
	for _, person in ipairs(people) do
		local row = row_of(person, name, service.now, entry);
		if (query.userId or row.userId) == row.userId and (query.userName or row.userName) == row.userName then
			count = count + 1;
			if count <= limit then data[count] = row; end
		end
	end
	return { status = 200, body = { total_count = count, data = data } };
end

-- Acts -----------------------------------------------------------------------

-- The body of a request about a call that is under way, the room's name and its people; nil and the answer.
local function act_of(request, service, entry, known)
	local body, refusal = answers.read_body(request);
	if refusal then return nil, refusal; end
	local name, people = call_of(request, service, entry);
	if not name then return nil, people; end
	if not dailyjson.is_object(body) then return nil, failed("invalid", "the body should be an object"); end
	local strange = kinds.stranger(body, known);
	if strange then return nil, failed("invalid", strange); end
	if not people[1] then
		return nil, failed("no_address", ("room %s does not seem to be hosting a call currently"):format(name));
	end
	return body, name, people;
end

-- A list of ids as a set; nil and what is wrong with it.
local function ids_of(body, member)
	local value, set = body[member], {};
	if value == nil or value == null then return set; end
	local list = dailyjson.list(value);
	if not list or #list > IDS_MAX then return nil, ("%s should be a list of at most %d strings"):format(member, IDS_MAX); end
	for _, id in ipairs(list) do set[id] = true; end
	return set;
end

local function eject(request, service, entry)
	local body, name, people = act_of(request, service, entry, { ids = true, user_ids = true, ban = true });
	if not body then return name; end
	local ids, wrong = ids_of(body, "ids");
	if not ids then return failed("invalid", wrong); end
	local user_ids;
	user_ids, wrong = ids_of(body, "user_ids");
	if not user_ids then return failed("invalid", wrong); end
	if next(ids) == nil and next(user_ids) == nil then return failed("invalid", "ids should not be empty"); end
	local ban = body.ban;
	if ban ~= nil and ban ~= null and type(ban) ~= "boolean" then return failed("invalid", "ban should be true or false"); end

	if ban == true and next(user_ids) ~= nil then
		local banned = {};
		for id in pairs(user_ids) do banned[#banned + 1] = entry.user_prefix .. id; end
		service.calls.ban(entry, name, banned);
	end
	local ejected = setmetatable({}, core.array_mt);
	for _, person in ipairs(people) do
		if ids[person.id] or user_ids[own_id(entry, person.user_id) or false] then
			ejected[#ejected + 1] = person.id;
			service.calls.eject(person);
		end
	end
	return { status = 200, body = { ejectedIds = ejected }, event = ban == true and "ejection and ban" or "ejection" };
end

local function send_message(request, service, entry)
	local body, name, people = act_of(request, service, entry, { data = true, recipient = true });
	if not body then return name; end
	if body.data == nil or body.data == null then return failed("invalid", "missing required field: data"); end
	if not dailyjson.is_object(body.data) then return failed("invalid", "data should be an object"); end
	if #json.encode(body.data) > DATA_MAX then return failed("invalid", ("data should have at most %d bytes"):format(DATA_MAX)); end
	local recipient = body.recipient;
	if recipient == nil or recipient == null then recipient = "*"; end
	if type(recipient) ~= "string" then return failed("invalid", "recipient should be a string"); end
	for _, person in ipairs(people) do
		if recipient == "*" or recipient == person.id then service.calls.send(person, body.data); end
	end
	return { status = 200, body = { sent = "true" }, event = "message" };
end

-- The claim p for each id; nil and what is wrong.
local function permissions_of(data)
	if not dailyjson.is_object(data) then return nil, "data should be an object"; end
	local by_id = {};
	for id, permissions in pairs(data) do
		local p, wrong = kinds.read({ name = "permissions", kind = kinds.permissions }, permissions);
		if not p then return nil, wrong; end
		by_id[id] = p;
	end
	return by_id;
end

local function update_permissions(request, service, entry)
	local body, name, people = act_of(request, service, entry, { data = true });
	if not body then return name; end
	if body.data == nil or body.data == null then return failed("invalid", "missing required field: data"); end
	local by_id, wrong = permissions_of(body.data);
	if not by_id then return failed("invalid", wrong); end
	local unkept = {};
	for _, p in pairs(by_id) do
		if p.hp == false then unkept[1] = "hasPresence"; end
		p.hp = nil; -- nobody is hidden here
	end
	for _, person in ipairs(people) do
		local p = by_id[person.id] or by_id["*"];
		if p then service.calls.permit(person, p); end
	end
	return { status = 200, body = { status = "sent" }, event = "change of permissions", unkept = unkept };
end

calls.endpoints = {
	{ path = "^presence$", methods = { GET = all_presence, HEAD = all_presence }, allow = "GET, HEAD" };
	{ path = "^rooms/[^/]+/presence$", methods = { GET = presence, HEAD = presence }, allow = "GET, HEAD" };
	{ path = "^rooms/[^/]+/eject$", methods = { POST = eject }, allow = "POST" };
	{ path = "^rooms/[^/]+/send%-app%-message$", methods = { POST = send_message }, allow = "POST" };
	{ path = "^rooms/[^/]+/update%-permissions$", methods = { POST = update_permissions }, allow = "POST" };
};

return calls;
