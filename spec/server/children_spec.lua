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
	it("takes out the elements of a name, and nothing else", function ()
		local others = { element("nick", "urn:other"), element("x", "urn:nick"), element("nick", nil) };
		local stanza = element("presence", nil, nick(), "a", others[1], nick(), nick(), "b", others[2], others[3], nick());
		children.remove_named(stanza, "nick", "urn:nick");
		assert.same(element("presence", nil, "a", others[1], "b", others[2], others[3]), stanza);
	end);

	it("takes out what is not wanted", function ()
		local stanza = element("presence", nil, nick(), element("x"));
		children.remove(stanza, function (child) return child.name == "x"; end);
		assert.same(element("presence", nil, nick()), stanza);
		children.remove(stanza, function () return true; end);
		assert.same(element("presence"), stanza);
		children.remove(stanza, error);
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
			children.remove_named(copy, "nick", "urn:nick");
		end
		assert.is_true(growth.is_linear(remove, make));
	end);
end);
