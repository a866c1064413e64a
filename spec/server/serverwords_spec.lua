-- What only the server says, taken out of what clients send (meetauth/server/serverwords.lua).

local page = require "spec.support.page";
local serverwords = require "meetauth.server.serverwords";

local function element(name, xmlns, ...)
	local made = { name = name, attr = { xmlns = xmlns }, tags = {}, ... };
	for _, child in ipairs(made) do
		if type(child) == "table" then table.insert(made.tags, child); end
	end
	return made;
end

local words = { "identity", "permissions", "advisory", "display-name", "addresses", "expired", "call-control" };
local others = { "nick", "stats-id", "SourceInfo", "x", "status", "body", "json-message", "c" };

local function names_in(stanza)
	local names = {};
	for i, child in ipairs(stanza.tags) do names[i] = child.name; end
	assert.equal(#stanza, #names);
	return names;
end

-- Each word in no namespace, in another, in a third, and everything else that clients say.
local function everything(kind)
	local list = {};
	for _, name in ipairs(words) do
		for _, xmlns in ipairs({ false, "http://jitsi.org/jitmeet", "urn:of:nobody" }) do
			list[#list + 1] = element(name, xmlns or nil);
		end
	end
	for _, name in ipairs(others) do list[#list + 1] = element(name, "urn:of:the:client"); end
	return element(kind, nil, table.unpack(list));
end

local function of_a_room(depth)
	local made = element("x", "http://jabber.org/protocol/muc#user");
	for _ = 1, depth do made = element("stat", nil, made); end
	return made;
end

describe("meetauth.server.serverwords", function ()
	for _, kind in ipairs({ "presence", "message" }) do
		it("takes out what only the server says, whatever its namespace, and leaves the rest: " .. kind, function ()
			local stanza = everything(kind);
			serverwords.remove(stanza);
			assert.same(others, names_in(stanza));
		end);
	end

	it("takes out what doc/modules.md names", function ()
		local named = {};
		for _, row in ipairs(page.rows("doc/modules.md", "element")) do
			if not row[1]:find("^any ") then
				for _, name in ipairs(page.quoted(row[1])) do named[#named + 1] = name; end
			end
		end
		table.sort(named);
		local sorted = { table.unpack(words) };
		table.sort(sorted);
		assert.same(sorted, named);
	end);

	it("leaves an identity that the server has put in", function ()
		local stanza = element("presence", nil, element("identity"), element("permissions"), element("nick"));
		serverwords.remove(stanza, true);
		assert.same({ "identity", "nick" }, names_in(stanza));
	end);

	it("takes out of a presence whatever hides a room's own element", function ()
		local stanza = element("presence", nil, element("nick"), of_a_room(1), of_a_room(7), element("c"));
		serverwords.remove(stanza);
		assert.same({ "nick", "c" }, names_in(stanza));
	end);

	it("leaves an invitation in a message as it is", function ()
		local stanza = element("message", nil, of_a_room(0), of_a_room(3));
		serverwords.remove(stanza);
		assert.same({ "x", "stat" }, names_in(stanza));
	end);
end);
