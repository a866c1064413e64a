--- What the probe of meetauth check says of the Lua that it runs in.

local command = require "spec.support.command";
local core = require "meetauth.core";
local meetauth = require "meetauth";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");
local folder;

-- What it says, run with these places of Lua's own: name -> "yes text" or "no text".
local function said(env)
	local words = { "env -i PATH=$PATH" };
	for name, value in pairs(env) do words[#words + 1] = ("'%s=%s'"):format(name, value); end
	local ran = command.shell(("%s lua5.4 lua/meetauth/cli/check/probe.lua %s/sources %s/installer"):format(table.concat(words, " "),
		folder, folder));
	assert.equal(0, ran.status, ran.err);
	local list = {};
	for line in ran.out:gmatch("([^\n]*)\n") do
		local name, text = line:match("^(%l+) (%l+ .*)$");
		assert.is_nil(list[name or ""], line);
		list[assert(name, line)] = text;
	end
	return list;
end

describe("the probe #command", function ()
	local build = os.getenv("MEETAUTH_BUILD") or "build";
	local here = {
		LUA_PATH = ("%s/lua/?.lua;%s/lua/?/init.lua;;"):format(root, root), LUA_CPATH = ("%s/%s/?.so;;"):format(root, build),
	};

	before_each(function ()
		folder = command.folder();
		command.shell(("mkdir -p %s/sources %s/installer/share/lua/5.4/meetauth"):format(folder, folder));
	end);
	after_each(command.clean);

	it("says what loads, and in which version", function ()
		local list = said(here);
		assert.same({ "yes 5.4", "yes " .. core.version, "yes " .. core.openssl, "yes " .. meetauth._VERSION },
			{ list.lua, list.core, list.openssl, list.library });
	end);

	it("says on one line what does not, and nothing of an OpenSSL that nobody asked", function ()
		local list = said({ LUA_PATH = here.LUA_PATH, LUA_CPATH = "/no/where/?.so" });
		assert.truthy(list.core:find("^no module 'meetauth.core' not found: "), list.core);
		assert.truthy(list.library:find("^no "));
		assert.is_nil(list.openssl);
	end);

	it("finds what Prosody's installer and its sources have before what Lua has", function ()
		command.write(folder .. "/installer/share/lua/5.4/meetauth/init.lua", 'return { _VERSION = "9.9.9" }');
		assert.equal("yes 9.9.9", said(here).library);
	end);

	it("is Lua that older ones read, too, whichever Prosody runs", function ()
		local text = command.read("lua/meetauth/cli/check/probe.lua");
		for _, newer in ipairs({ "<close>", "<const>", "//", "goto ", "utf8.", "math.type" }) do
			assert.is_nil(text:find(newer, 1, true), newer);
		end
	end);
end);
