--- The endpoints of rooms, with a store in memory.

local answer = require "meetauth.rest.api".answer;
local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local json = require "meetauth.util.json";
local keyheld = require "meetauth.key.held";
local secret_of = require "spec.support.secret";

local acme_key, beta_key = ("a"):rep(32), ("b"):rep(32);

local options = {
	meetauth_issuers = {
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret_of("1") };
		{ id = "beta", dialect = "daily", domain_id = "beta-id", secret = secret_of("2"), rooms = "clinic-*" };
	};
	meetauth_http_keys = { acme = acme_key, beta = beta_key };
};

-- A host and its rooms: ask(method, path, body, key, query) -> status, body, answer
local function site()
	local host = assert(hostconfig.read(function (name) return options[name]; end));
	local here = { now = 1700000000.5, rooms = {}, works = true, serial = 0 };
	local function key_of(entry, name) return entry .. "/" .. name:lower(); end
	local store = {};
	function store.find(entry, name)
		if not here.works then return nil, "storage-unavailable"; end
		return here.rooms[key_of(entry.id, name)];
	end
	function store.list(entry)
		local list = {};
		for _, room in pairs(here.rooms) do
			if room.entry == entry.id then list[#list + 1] = room; end
		end
		table.sort(list, function (a, b) return a.id > b.id; end);
		return list;
	end
	function store.keep(room)
		if here.works then here.rooms[key_of(room.entry, room.name)] = room; end
		return here.works;
	end
	function store.drop(room)
		if here.works then here.rooms[key_of(room.entry, room.name)] = nil; end
		return here.works;
	end
	function store.url(entry, name) return ("https://%s.example/%s"):format(entry.id, name); end
	local function next_id() here.serial = here.serial + 1; return ("id-%03d"):format(here.serial); end
	store.new_id, store.new_name = next_id, function () return "random-name"; end;

	function here.ask(method, path, body, key, query)
		local got = answer({
			method = method, path = path, query = query or {}, authorization = "Bearer " .. (key or acme_key),
			content_type = "application/json", body = type(body) == "table" and json.encode(body) or body or "",
		}, {
			owners = host.api_keys, keys = keyheld.of(host.entries), max_token = 16384, now = here.now,
			may = function () return true; end, refused = function () return nil; end, rooms = store,
		});
		return got.status, got.body, got;
	end
	function here.make(body, key)
		local status, made, got = here.ask("POST", "rooms", body, key);
		assert.equal(200, status, made.info);
		return made, got;
	end
	return here;
end

local function said(status, body) return ("%d %s: %s"):format(status, body.error, body.info); end

describe("rooms by REST", function ()
	it("are made with what was asked for, and shown the same", function ()
		local here = site();
		local made, got = here.make({ name = "clinic-7", privacy = "private", properties = { exp = 1700000060, geo = "eu" } });
		assert.same({
			id = "id-001", name = "clinic-7", api_created = true, privacy = "private", url = "https://acme.example/clinic-7",
			created_at = "2023-11-14T22:13:20.500Z", config = { exp = 1700000060, geo = "eu" },
		}, made);
		assert.same({ "room made", { "geo" } }, { got.event, got.unkept });
		local status, again = here.ask("GET", "rooms/clinic-7");
		assert.same({ 200, made }, { status, again });
	end);

	it("have a name of their own where nobody gives one", function ()
		assert.equal("random-name", site().make({}).name);
		assert.equal("random-name", site().make("").name);
	end);

	it("have each name once, in whatever letters", function ()
		local here = site();
		here.make({ name = "clinic-7" });
		assert.equal("400 invalid-request-error: a room named Clinic-7 already exists",
			said(here.ask("POST", "rooms", { name = "Clinic-7" })));
		here.make({ name = "clinic-7" }, beta_key); -- another domain's
	end);

	it("are not made where the entry's tokens would not enter", function ()
		assert.equal("400 invalid-request-error: this domain's tokens cannot open the room: room-mismatch",
			said(site().ask("POST", "rooms", { name = "attic" }, beta_key)));
	end);

	it("are changed in what a request names", function ()
		local here = site();
		local made = here.make({ name = "a", privacy = "private", properties = { exp = 1700000060 } });
		local status, changed, got = here.ask("POST", "rooms/a", { properties = { max_participants = 2 } });
		made.config.max_participants = 2;
		assert.same({ 200, made, "room changed" }, { status, changed, got.event });
		assert.equal("public", select(2, here.ask("POST", "rooms/a", { privacy = "public" })).privacy);
	end);

	it("are deleted once", function ()
		local here = site();
		here.make({ name = "a" });
		local status, body, got = here.ask("DELETE", "rooms/a");
		assert.same({ 200, { deleted = true, name = "a" }, "room deleted" }, { status, body, got.event });
		assert.equal("404 not-found: room a not found", said(here.ask("DELETE", "rooms/a")));
	end);

	it("count as deleted once they have expired; to delete one then says so", function ()
		local here = site();
		here.make({ name = "a", properties = { exp = 1700000060 } });
		here.now = 1700000060;
		for _, method in ipairs({ "GET", "POST" }) do
			local status, body = here.ask(method, "rooms/a", method == "POST" and {} or nil);
			assert.same({ 404, { error = "not-found", info = "room a not found" } }, { status, body });
		end
		assert.is_true(select(2, here.ask("DELETE", "rooms/a")).deleted);
		assert.equal(0, select(2, here.ask("GET", "rooms")).total_count);
		assert.equal("id-002", here.make({ name = "a" }).id);
	end);

	it("come in pages, the newest first", function ()
		local here = site();
		for i = 1, 5 do here.make({ name = "r" .. i }); end
		local function page(query)
			local status, body = here.ask("GET", "rooms", nil, nil, query);
			if status ~= 200 then return body.info; end
			local ids = { body.total_count };
			for _, room in ipairs(body.data) do ids[#ids + 1] = room.id:sub(-1); end
			return table.concat(ids, " ");
		end
		for _, case in ipairs({
			{ {}, "5 5 4 3 2 1" };
			{ { limit = "2" }, "5 5 4" };
			{ { limit = "2", starting_after = "id-004" }, "5 3 2" };
			{ { starting_after = "id-001" }, "5" };
			{ { limit = "2", ending_before = "id-001" }, "5 3 2" };
			{ { limit = "2", ending_before = "id-005" }, "5" };
			{ { limit = "2", ending_before = "OLDEST" }, "5 2 1" };
			{ { limit = "0" }, "limit should be 1 to 100" };
			{ { limit = "x" }, "limit should be 1 to 100" };
			{ { limit = "1e400" }, "limit should be 1 to 100" };
			{ { ending_before = "x" }, "ending_before should be the id of a room" };
			{ { starting_after = "id-001", ending_before = "id-002" }, "starting_after and ending_before cannot be used together" };
		}) do assert.equal(case[2], page(case[1])); end
		assert.equal(core.array_mt, getmetatable(select(2, here.ask("GET", "rooms", nil, beta_key)).data));
	end);

	it("of one entry are nothing to another's key", function ()
		local here = site();
		here.make({ name = "clinic-7" });
		for _, method in ipairs({ "GET", "POST", "DELETE" }) do
			local body = method == "POST" and {} or nil;
			assert.equal("404 not-found: room clinic-7 not found", said(here.ask(method, "rooms/clinic-7", body, beta_key)));
		end
		assert.equal(0, select(2, here.ask("GET", "rooms", nil, beta_key)).total_count);
	end);

	it("are not guessed at while storage does not answer", function ()
		local here = site();
		here.make({ name = "a" });
		here.works = false;
		local requests = { { "POST", "rooms", {} }, { "GET", "rooms/a" }, { "POST", "rooms/a", {} }, { "DELETE", "rooms/a" } };
		for _, request in ipairs(requests) do
			local status, body = here.ask(table.unpack(request));
			assert.same({ 500, "server-error" }, { status, body.error });
		end
	end);

	it("do not grow without end, change by change", function ()
		local here = site();
		here.make({ name = "a", properties = { lang = ("x"):rep(10000) } });
		local status = here.ask("POST", "rooms/a", { properties = { geo = ("y"):rep(10000) } });
		assert.equal(413, status);
		assert.is_nil(here.rooms["acme/a"].config.geo);
	end);

	it("answer for an odd name with what can be read of it", function ()
		local here = site();
		for path, shown in pairs({ ["rooms/a%20b"] = "a%20b", ["rooms/\u{202e}x\r"] = "x" }) do
			assert.equal(("404 not-found: room %s not found"):format(shown), said(here.ask("GET", path)));
		end
		assert.equal("404 not-found: this address does not exist", said(here.ask("GET", "rooms/")));
		assert.equal(405, (here.ask("PUT", "rooms/a")));
	end);
end);
