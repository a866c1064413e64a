-- Child elements that are taken out of a stanza (meetauth/server/children.lua).

local children = require "meetauth.server.children";
local growth = require "spec.support.growth";

-- An element as util.stanza keeps it: of texts and elements.
local function element(name, xmlns, ...)
	local made = { name = name, attr = { xmlns = xmlns }, tags = {}, ... };
	for _, child in ipairs(made) do
		if type(child) == "table" then table.insert(made.tags, child); end
	end
	return made;
end

local function nick() return element("nick", "urn:nick"); end

describe("meetauth.server.children", function ()
	it("takes out what is not wanted, and nothing else", function ()
		local others = { element("x", "urn:nick"), element("y") };
		local stanza = element("presence", nil, nick(), "a", others[1], nick(), nick(), "b", others[2], nick());
		children.remove(stanza, function (child) return child.name == "nick"; end);
		assert.same(element("presence", nil, "a", others[1], "b", others[2]), stanza);
	end);

	it("takes out all, some or none", function ()
		local stanza = element("presence", nil, nick(), element("x"));
		children.remove(stanza, function (child) return child.name == "x"; end);
		assert.same(element("presence", nil, nick()), stanza);
		children.remove(stanza, function () return true; end);
		assert.same(element("presence"), stanza);
		children.remove(stanza, error);
	end);

	it("finds an element at any depth, by name and namespace, but not the element itself", function ()
		local deep = element("a", nil, "text", element("b"), element("c", nil, element("d", nil, nick())));
		assert.is_true(children.holds(deep, "nick", "urn:nick"));
		assert.is_false(children.holds(deep, "nick", "urn:other"));
		assert.is_false(children.holds(deep, "a", nil));
		assert.is_true(children.holds(deep, "d", nil));
		assert.is_false(children.holds(nick(), "nick", "urn:nick"));
		local bottomless = nick();
		for _ = 1, 200000 do bottomless = element("a", nil, bottomless); end
		assert.is_true(children.holds(bottomless, "nick", "urn:nick"));
	end);

	it("in a time that grows as their number does #growth", function ()
		local function make(size)
			local stanza, one = element("presence"), nick();
			for i = 1, size // 4 do stanza[i], stanza.tags[i] = one, one; end
			return stanza;
		end
		local function remove(stanza)
			local copy = { tags = table.move(stanza.tags, 1, #stanza.tags, 1, {}) };
			table.move(stanza, 1, #stanza, 1, copy);
			children.remove(copy, function (child) return child.name == "nick"; end);
		end
		assert.is_true(growth.is_linear(remove, make));
	end);
end);
