-- Sessions that a connection asks for which comes back (meetauth/server/sessionindex.lua).

local sessionindex = require "meetauth.server.sessionindex";
local growth = require "spec.support.growth";

local function all(set)
	local list = {};
	for session in pairs(set) do list[#list + 1] = session.id; end
	table.sort(list);
	return table.concat(list, " ");
end

describe("meetauth.server.sessionindex", function ()
	local index;

	before_each(function () index = sessionindex.new(); end);

	it("finds a stream whose name came after its session", function ()
		local one, other = { id = "one" }, { id = "other", resumption_token = "b" };
		index:add(one);
		index:add(other);
		assert.equal(nil, index:of_stream("a"));
		assert.equal(other, index:of_stream("b"));
		one.resumption_token = "a";
		assert.equal(one, index:of_stream("a"));
		assert.equal(one, index:of_stream("a"));
	end);

	it("finds no stream that has lost its name, or is gone", function ()
		local one, other = { resumption_token = "a" }, { resumption_token = "b" };
		index:add(one);
		index:add(other);
		assert.equal(one, index:of_stream("a"));
		one.resumption_token = nil;
		assert.equal(nil, index:of_stream("a"));
		index:remove(other);
		assert.equal(nil, index:of_stream("b"));
		index:remove(other);
	end);

	it("finds all sessions with a token, as long as they have it", function ()
		local one, other = { id = "one", auth_token = "t" }, { id = "other", auth_token = "t" };
		index:add(one);
		index:add(other);
		index:add({ id = "guest" });
		assert.equal("one other", all(index:of_token("t")));
		one.auth_token = "u";
		index:add(one);
		assert.equal("other", all(index:of_token("t")));
		assert.equal("one", all(index:of_token("u")));
		index:remove(other);
		assert.equal("", all(index:of_token("t")));
		assert.equal(nil, next(index.by_token, "u"));
	end);

	it("keeps no session alive", function ()
		index:add({ resumption_token = "a", auth_token = "t" });
		index:of_stream("a");
		collectgarbage();
		collectgarbage();
		assert.equal(nil, index:of_stream("a"));
		assert.equal("", all(index:of_token("t")));
	end);

	it("answers as soon among many as among few #growth", function ()
		local kept = {};
		local function make(size)
			local many = sessionindex.new();
			for i = 1, size // 4 do
				local session = { resumption_token = "s" .. i, auth_token = "t" .. i };
				kept[#kept + 1] = session;
				many:add(session);
			end
			many:of_stream("s1");
			return many;
		end
		local function ask(many)
			for _ = 1, 2000 do
				many:of_stream("none");
				many:of_token("none");
			end
		end
		assert.is_true(growth.is_constant(ask, make));
	end);
end);
