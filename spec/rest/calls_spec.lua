--- The endpoints of calls under way, with people in memory.

local answer = require "meetauth.rest.api".answer;
local core = require "meetauth.core";
local hostconfig = require "meetauth.config.host";
local json = require "meetauth.util.json";
local keyheld = require "meetauth.key.held";
local secret_of = require "spec.support.secret";

local key = ("a"):rep(32);

local options = {
	meetauth_issuers = { { id = "acme", dialect = "daily", domain_id = "acme-id", secret = secret_of("1"), user_prefix = "acme:" } };
	meetauth_http_keys = { acme = key };
};

local function list(...) return setmetatable({ ... }, core.array_mt); end

-- A host with people in rooms, and what was done to them.
local function site(people)
	local host = assert(hostconfig.read(function (name) return options[name]; end));
	local here = { done = {}, made = {} };
	local function note(...) here.done[#here.done + 1] = table.concat({ ... }, " "); end
	local function ask(method, path, body, query)
		local got = answer({
			method = method, path = path, query = query or {}, authorization = "Bearer " .. key, content_type = "application/json",
			body = body and json.encode(body) or "",
		}, {
			owners = host.api_keys, keys = keyheld.of(host.entries), max_token = 16384, now = 1700000041.5,
			may = function () return true; end, refused = function () return nil; end,
			rooms = { known = function (_, name) return here.made[name:lower()]; end },
			calls = {
				all = function () return people; end,
				people = function (_, name) return people[name] or {}; end,
				ban = function (entry, name, ids) table.sort(ids); note("ban", entry.id, name, table.concat(ids, ",")); end,
				eject = function (person) note("eject", person.id); end,
				send = function (person, data) note("send", person.id, json.encode(data)); end,
				permit = function (person, p) note("permit", person.id, json.encode(p)); end,
			},
		});
		return got.status, got.body, got;
	end
	function here.get(path, query) return ask("GET", path, nil, query); end
	function here.act(what, body, name) return ask("POST", ("rooms/%s/%s"):format(name or "clinic", what), body); end
	return here;
end

local function clinic()
	return {
		clinic = {
			{ id = "b", user_id = nil, name = nil, joined = 1700000020, meeting = "m" },
			{ id = "a", user_id = "acme:u-17", name = "Ann", joined = 1700000000.25, meeting = "m" },
			{ id = "c", user_id = "other:u-17", name = "Eve", joined = 1700000030, meeting = "m" },
		};
	};
end

local function said(status, body) return ("%d %s: %s"):format(status, body.error, body.info); end

describe("presence by REST", function ()
	it("has a row for each person, who came first stands first, and ids without the entry's prefix", function ()
		local status, body = site(clinic()).get("rooms/clinic/presence");
		assert.same({ 200, 3 }, { status, body.total_count });
		assert.same({
			room = "clinic", id = "a", userId = "u-17", userName = "Ann", mtgSessionId = "m", joinTime = "2023-11-14T22:13:20.250Z",
			duration = 41,
		}, body.data[1]);
		assert.same({ "b", core.null, core.null }, { body.data[2].id, body.data[2].userId, body.data[2].userName });
		assert.equal(core.null, body.data[3].userId); -- no user of this entry's
	end);

	it("is told of all rooms that somebody is in", function ()
		local people = clinic();
		people.empty = {};
		local _, body = site(people).get("presence");
		assert.same({ "clinic" }, { next(body) and next(body), next(body, (next(body))) });
		assert.equal(3, #body.clinic);
		assert.same({}, select(2, site({}).get("presence")));
	end);

	it("is told of those who are asked for", function ()
		local here = site(clinic());
		local function ids(query)
			local status, body = here.get("rooms/clinic/presence", query);
			if status ~= 200 then return body.info; end
			local found = { body.total_count };
			for _, row in ipairs(body.data) do found[#found + 1] = row.id; end
			return table.concat(found, " ");
		end
		assert.equal("3 a b", ids { limit = "2" });
		assert.equal("1 a", ids { userId = "u-17" });
		assert.equal("1 c", ids { userName = "Eve" });
		assert.equal("0", ids { userName = "Eve", userId = "u-17" });
		assert.equal("limit should be a whole number, 1 or more", ids { limit = "0" });
	end);

	it("is empty in a room that was made, under its own name, and 404 in one that was not", function ()
		local here = site({});
		assert.equal("404 not-found: room clinic not found", said(here.get("rooms/clinic/presence")));
		here.made.clinic = { name = "Clinic" };
		assert.same({ total_count = 0, data = {} }, select(2, here.get("rooms/clinic/presence")));
		assert.equal("404 not-found: room a%20b not found", said(here.get("rooms/a%20b/presence")));
	end);
end);

describe("to eject by REST", function ()
	it("takes sessions and users, and tells who was there", function ()
		local here = site(clinic());
		local status, body, got = here.act("eject", { ids = list("b", "x"), user_ids = list("u-17", "u-1") });
		assert.same({ 200, { ejectedIds = list("a", "b") }, "ejection" }, { status, body, got.event });
		assert.same({ "eject a", "eject b" }, here.done);
	end);

	it("bans users, there or not, and no sessions", function ()
		local here = site(clinic());
		here.act("eject", { user_ids = list("u-17", "u-1"), ban = true });
		assert.same({ "ban acme clinic acme:u-1,acme:u-17", "eject a" }, here.done);
		here = site(clinic());
		assert.equal("ejection and ban", select(3, here.act("eject", { ids = list("b"), ban = true })).event);
		assert.same({ "eject b" }, here.done);
	end);
end);

describe("a message by REST", function ()
	it("goes to everybody or to one; to nobody, where there is no such person", function ()
		local here = site(clinic());
		local status, body = here.act("send-app-message", { data = { step = 3 }, recipient = core.null });
		assert.same({ 200, { sent = "true" } }, { status, body });
		assert.same({ 'send a {"step":3}', 'send b {"step":3}', 'send c {"step":3}' }, here.done);
		here.act("send-app-message", { data = {}, recipient = "b" });
		here.act("send-app-message", { data = {}, recipient = "x" });
		assert.same({ "send b {}" }, { table.unpack(here.done, 4) });
	end);
end);

describe("permissions by REST", function ()
	it("go to those who are named, and to all others", function ()
		local here = site(clinic());
		local status, body, got = here.act("update-permissions", {
			data = { a = { canSend = list("audio"), hasPresence = false }, ["*"] = { canAdmin = false } };
		});
		assert.same({ 200, { status = "sent" }, { "hasPresence" } }, { status, body, got.unkept });
		assert.same({ 'permit a {"cs":"a"}', 'permit b {"ca":false}', 'permit c {"ca":false}' }, here.done);
	end);

	it("leave those alone who are not named", function ()
		local here = site(clinic());
		here.act("update-permissions", { data = { a = { canSend = true }, x = { canSend = true } } });
		assert.same({ 'permit a {"cs":true}' }, here.done);
	end);
end);

describe("an act in a call", function ()
	for _, case in ipairs({
		{ "eject", {}, "ids should not be empty" };
		{ "eject", { ids = core.null, user_ids = list(), ban = true }, "ids should not be empty" };
		{ "eject", { ids = { a = 1 } }, "ids should be a list of at most 100 strings" };
		{ "eject", { ids = list(1) }, "ids should be a list of at most 100 strings" };
		{ "eject", { ids = list("b"), ban = 1 }, "ban should be true or false" };
		{ "eject", { ids = list("b"), nick = "b" }, "unknown parameter 'nick'" };
		{ "eject", list(), "the body should be an object" };
		{ "send-app-message", {}, "missing required field: data" };
		{ "send-app-message", { data = core.null }, "missing required field: data" };
		{ "send-app-message", { data = "x" }, "data should be an object" };
		{ "send-app-message", { data = { x = ("y"):rep(4090) } }, "data should have at most 4096 bytes" };
		{ "send-app-message", { data = {}, recipient = true }, "recipient should be a string" };
		{ "update-permissions", {}, "missing required field: data" };
		{ "update-permissions", { data = list() }, "data should be an object" };
		{ "update-permissions", { data = { a = list() } }, "permissions should be an object" };
		{ "update-permissions", { data = { a = { canSend = "v" } } }, "permissions.canSend should be true, false or a list of video, "
			.. "audio, screenVideo, screenAudio, customVideo, customAudio" };
	}) do
		it(("is refused, and does nothing: %s: %s"):format(case[1], case[3]), function ()
			local here = site(clinic());
			assert.equal("400 invalid-request-error: " .. case[3], said(here.act(case[1], case[2])));
			assert.same({}, here.done);
		end);
	end

	it("is 404 where nobody is there", function ()
		for _, act in ipairs({ "eject", "send-app-message", "update-permissions" }) do
			assert.equal("404 not-found: room attic does not seem to be hosting a call currently",
				said(site(clinic()).act(act, {}, "attic")));
			assert.equal("404 not-found: room a.b not found", said(site(clinic()).act(act, {}, "a.b")));
		end
	end);
end);
