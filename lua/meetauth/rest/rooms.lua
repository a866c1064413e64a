--- Rooms in Daily's REST interface: a name with properties, which can be made, shown, changed and deleted. The caller
-- stores them, and decides how they are used at a join.

local answers = require "meetauth.rest.answers";
local core = require "meetauth.core";
local json = require "meetauth.util.json";
local kinds = require "meetauth.rest.kinds";
local page = require "meetauth.rest.page";
local policy = require "meetauth.access.policy";
local roomproperties = require "meetauth.rest.roomproperties";

local rooms = {};

local NAME_MAX = 128; -- characters
local CONFIG_MAX = 16384; -- bytes of JSON
local ROOMS_MAX = 10000; -- of one entry

local failed, failed_for = answers.failed, answers.failed_for;

---@class RestRoom
---@field id string
---@field entry string       the id of the issuer entry
---@field name string
---@field privacy "public"|"private"
---@field created integer    milliseconds since the epoch
---@field config table<string, any>  what its properties are, as roomproperties.lua reads them

---@class RestRooms        where rooms are kept, of all entries of a host
---@field find fun(entry: table, name: string): RestRoom?, string?   also one that has expired; nil and a reason: unknown
---@field known fun(entry: table, name: string): RestRoom?   as of late, without asking storage
---@field list fun(entry: table): RestRoom[]                the newest first, with the expired ones
---@field keep fun(room: RestRoom): boolean                 false: storage does not answer
---@field drop fun(room: RestRoom): boolean
---@field url fun(entry: table, name: string): string
---@field new_id fun(): string
---@field new_name fun(): string

local NOWHERE = "the room cannot be stored: %s";

local function has_expired(room, now)
	local exp = room.config.exp;
	return exp ~= nil and exp <= now;
end

--- A moment as Daily writes it.
---@param milliseconds integer  since the epoch
---@return string
function rooms.moment(milliseconds)
	return os.date("!%Y-%m-%dT%H:%M:%S", milliseconds // 1000) .. (".%03dZ"):format(milliseconds % 1000);
end

local function shown(room, service, entry)
	return {
		id = room.id, name = room.name, api_created = true, privacy = room.privacy, url = service.rooms.url(entry, room.name),
		created_at = rooms.moment(room.created), config = room.config,
	};
end

--- Whether that can be a room's name.
---@param name string
---@return boolean
function rooms.is_name(name)
	return name ~= "" and #name <= NAME_MAX and not name:find("[^%w_-]");
end

-- The fault of a name that somebody gives a new room.
local function misnamed(name, entry)
	if type(name) ~= "string" then return "name should be a string"; end
	if #name > NAME_MAX then return ("name should have at most %d characters"):format(NAME_MAX); end
	if not rooms.is_name(name) then
		return ("%s contains invalid characters (room names can contain A-Z, a-z, 0-9, '-', and '_')"):format(kinds.shown(name));
	end
	if not policy.is_listed({ room = name, tenant = entry.tenant, rooms = entry.rooms }) then
		return "this domain's tokens cannot open the room: room-mismatch";
	end
	return nil;
end

-- Keep a room and show it.
local function kept(room, service, entry, event, unkept)
	if #json.encode(room.config) > CONFIG_MAX then
		return failed("too_large", ("the properties should have at most %d bytes"):format(CONFIG_MAX));
	end
	if not service.rooms.keep(room) then return failed_for("storage-unavailable", NOWHERE); end
	return { status = 200, body = shown(room, service, entry), event = event, unkept = unkept };
end

local function create(request, service, entry)
	local body, refusal = {}, nil;
	if request.body ~= "" or request.transfer_encoding then body, refusal = answers.read_body(request); end
	if refusal then return refusal; end
	local wish, wrong = roomproperties.read(body, service.now);
	if not wish then return failed("invalid", wrong); end
	local name = body.name;
	if name == nil or name == core.null then name = service.rooms.new_name(); end
	wrong = misnamed(name, entry);
	if wrong then return failed("invalid", wrong); end
	local there, unknown = service.rooms.find(entry, name);
	if unknown then return failed_for(unknown, NOWHERE); end
	if there and not has_expired(there, service.now) then
		return failed("invalid", ("a room named %s already exists"):format(name));
	end
	if not there and #service.rooms.list(entry) >= ROOMS_MAX then
		return failed("invalid", ("there are already %d rooms, which is the limit"):format(ROOMS_MAX));
	end
	return kept({
		id = service.rooms.new_id(), entry = entry.id, name = name, privacy = wish.privacy or "public",
		created = math.floor(service.now * 1000), config = wish.config,
	}, service, entry, "room made", wish.unkept);
end

local function list_all(request, service, entry)
	local list = {};
	for _, room in ipairs(service.rooms.list(entry)) do
		if not has_expired(room, service.now) then list[#list + 1] = room; end
	end
	local part, wrong = page.of(list, request.query, "room");
	if not part then return failed("invalid", wrong); end
	local data = setmetatable({}, core.array_mt);
	for i, room in ipairs(part) do data[i] = shown(room, service, entry); end
	return { status = 200, body = { total_count = #list, data = data } };
end

--- The error if no room has that name.
---@param name string
---@return RestAnswer
function rooms.not_found(name)
	return failed("no_address", ("room %s not found"):format(kinds.shown(name)));
end

-- The room that a request is about; nil and the answer.
local function room_of(request, service, entry)
	local name = request.path:match("^rooms/([^/]+)");
	if not rooms.is_name(name) then return nil, rooms.not_found(name); end
	local room, unknown = service.rooms.find(entry, name);
	if unknown then return nil, failed_for(unknown, "the room cannot be looked up: %s"); end
	if not room then return nil, rooms.not_found(name); end
	if not has_expired(room, service.now) then return room; end
	local answer = rooms.not_found(name);
	if request.method == "DELETE" then answer.body.deleted = true; end
	return nil, answer;
end

local function get(request, service, entry)
	local room, answer = room_of(request, service, entry);
	if not room then return answer; end
	return { status = 200, body = shown(room, service, entry) };
end

local function update(request, service, entry)
	local body, refusal = answers.read_body(request);
	if refusal then return refusal; end
	local room, answer = room_of(request, service, entry);
	if not room then return answer; end
	local wish, wrong = roomproperties.read(body, service.now, room.config);
	if not wish then return failed("invalid", wrong); end
	return kept({
		id = room.id, entry = room.entry, name = room.name, privacy = wish.privacy or room.privacy, created = room.created,
		config = wish.config,
	}, service, entry, "room changed", wish.unkept);
end

local function delete(request, service, entry)
	local room, answer = room_of(request, service, entry);
	if not room then return answer; end
	if not service.rooms.drop(room) then return failed_for("storage-unavailable", "the room could not be deleted: %s"); end
	return { status = 200, body = { deleted = true, name = room.name }, event = "room deleted" };
end

rooms.endpoints = {
	{ path = "^rooms$", methods = { GET = list_all, HEAD = list_all, POST = create }, allow = "GET, HEAD, POST" };
	{ path = "^rooms/[^/]+$", methods = { GET = get, HEAD = get, POST = update, DELETE = delete },
		allow = "GET, HEAD, POST, DELETE" };
};

return rooms;
