--- What is written about the command: the manual page, what shells complete, and doc/command.md.

local command = require "spec.support.command";
local markdown = require "spec.support.page";
local parser = require "meetauth.cli.parser";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");

-- The sub-commands with all spellings of their options.
local function options_of(sub)
	local names = {};
	for _, option in ipairs(sub._options) do
		for _, alias in ipairs(option._aliases) do names[alias] = true; end
	end
	return names;
end

local subs = {};
for _, sub in ipairs(parser.new()._commands) do subs[sub._name] = options_of(sub); end

describe("the manual page #command", function ()
	local sections, everywhere = {}, {};
	local page = command.read("doc/meetauth.1"):gsub("\\%-", "-");
	for name, text in page:match("\n%.SH COMMANDS\n(.-)\n%.SH "):gsub("\n%.SS ", "\n\0.SS "):gmatch("%.SS (%l+)\n([^\0]*)") do
		sections[name] = text;
	end
	for option in page:match("\n%.SH OPTIONS\n(.-)\n%.SH "):gmatch("%-%-?[%l-]+") do everywhere[option] = true; end

	for name, options in pairs(subs) do
		it("has every option of " .. name .. " and no other", function ()
			local written = {};
			for option in sections[name]:gmatch("\n%.TP\n%.BI? (%-%-[%l-]+)") do written[option] = true; end
			for option in pairs(options) do assert.is_true(written[option] or everywhere[option], option); end
			for option in pairs(written) do assert.is_true(options[option], option); end
		end);
	end

	it("names every command in its synopsis, and no other", function ()
		local named = {};
		for name in page:match("\n%.SH SYNOPSIS\n(.-)\n%.SH "):gmatch("%.B meetauth (%l+)") do named[name] = true; end
		for name in pairs(subs) do assert.is_true(named[name], name); end
		for name in pairs(named) do assert.is_table(subs[name], name); end
	end);

	it("has no line that a formatter would take for another request", function ()
		for line in page:gmatch("[^\n]+") do
			local request = line:match("^[.'](%a*)");
			assert.is_true(not request or (" TH SH SS PP TP B BI BR RI RB I RS RE nf fi br "):find(" " .. request .. " ", 1, true) ~= nil
				or line:find('^%.\\"') ~= nil, line);
		end
	end);
end);

describe("what shells complete #command", function ()
	for _, shell in ipairs({ "bash", "zsh", "fish" }) do
		it("is in doc/completion as the parser says it (make completion): " .. shell, function ()
			assert.equal(parser.completion(shell), command.read("doc/completion/meetauth." .. shell));
		end);
	end
end);

-- The blocks of shell of a page.
local function blocks_of(path)
	local blocks = {};
	for block in ("\n" .. command.read(path)):gmatch("\n```sh\n(.-)```") do blocks[#blocks + 1] = block; end
	return blocks;
end

local configuration = [[
VirtualHost "meet.example"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal", issuer = "portal", audience = "jitsi", secret = "portal-secret-2-3-5-7-11-13-17-19-23-29-3" };
		{ id = "acme", dialect = "daily", domain_id = "acme-id", secret = "acme-secret-of-its-own-that-specs-a" };
	}
]];

-- A folder where the pages' lines run: "here", and in "bin" the installed command, on a machine where Prosody is installed
-- with that configuration.
local function machine(lines)
	local folder = command.folder();
	assert(os.execute(("mkdir %s/bin %s/here"):format(folder, folder)));
	command.write(folder .. "/prosody.cfg.lua", lines);
	command.write(folder .. "/bin/meetauth", ("#!/bin/sh\nname=$1\nshift\n" ..
		"case \"$name $*\" in *--host*|check*) set -- --config %s/prosody.cfg.lua \"$@\" ;; esac\nexec %s \"$name\" \"$@\"\n")
		:format(folder, command.line({}, { MEETAUTH_PROSODY = root .. "/build/prosody-0.12" })));
	assert(os.execute("chmod +x " .. folder .. "/bin/meetauth"));
	return folder;
end

local function run(folder, text)
	local script = command.write(folder .. "/block", text);
	return command.shell(("cd %s/here && PATH=%s/bin:$PATH timeout 300 sh -eu %s"):format(folder, folder, script));
end

-- The lines of a page's blocks of code that call the command, also in the container of docker-jitsi-meet.
local function lines_of(path)
	local list = {};
	for _, line in ipairs(markdown.lines(path)) do
		local text = line.code and line.text:match("^meetauth %l+.*$") or line.text:match("^   meetauth %l+ %-.*$");
		local contained = line.text:match("docker compose exec[ %-T]* prosody (meetauth %l+.*)$");
		text = text or contained and contained:gsub(" %-%-config /run/prosody/config/prosody%.cfg%.lua", "");
		if text and not text:find("<your", 1, true) then list[#list + 1] = text; end
	end
	return list;
end

local function examples()
	teardown(command.clean);

	it("of doc/command.md run", function ()
		local folder = machine(configuration);
		local blocks = blocks_of("doc/command.md");
		assert.is_true(#blocks > 0);
		for _, block in ipairs(blocks) do
			local ran = run(folder, block);
			assert.equal(0, ran.status, ran.err .. block);
			local echoes = select(2, block:gsub("|| echo", ""));
			for said in block:gmatch('|| echo "([^"]+)"') do
				assert.truthy(ran.out:find("\n" .. said .. "\n", 1, true) or ran.out:find("^" .. said .. "\n"), said);
				echoes = echoes - 1;
			end
			assert.equal(0, echoes);
		end
	end);

	-- Status 0 or 1: a token may be refused, and a small configuration has warnings. 2 would be a line that is wrong.
	it("of the other pages are called rightly", function ()
		local hosts, seen, count = {}, {}, 0;
		for i, host in ipairs({ "meet.example", "meet.example.org", "meet.jitsi" }) do
			hosts[i] = configuration:gsub("meet%.example", host):gsub("%-2%-3%-", "-" .. i .. "-3-"):gsub("of%-its%-own", "of-host-" .. i);
		end
		local folder = machine(table.concat(hosts, "\n"));
		assert.equal(0, run(folder, "meetauth sign --host meet.example --entry portal --room standup > token.txt").status);
		local pipe <close> = assert(io.popen("find README.md doc examples -name '*.md' ! -name command.md | sort"));
		for path in pipe:lines() do
			for _, line in ipairs(lines_of(path)) do
				line = line:gsub("^meetauth sign", "%0 --entry portal");
				local ran = not seen[line] and run(folder, line) or { status = 0 };
				seen[line] = true;
				assert.is_true(ran.status == 0 or ran.status == 1, ("%s: %s: %s"):format(path, line, ran.err));
				count = count + 1;
			end
		end
		assert.is_true(count >= 20, count);
	end);
end

local there = command.read("build/prosody-0.12/usr/lib/prosody/core/configmanager.lua") ~= nil;
describe("the examples #command", there and examples or function ()
	pending("are run where Prosody 0.12 is unpacked in build/");
end);
