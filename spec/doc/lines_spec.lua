--- The lines for Prosody's configuration that the pages show: the code that reads them takes each.

local hostconfig = require "meetauth.config.host";
local meetauth = require "meetauth";
local core = require "meetauth.core";
local inside = require "spec.support.inside";
local page = require "spec.support.page";
local sections = require "spec.support.sections";
local secret_of = require "spec.support.secret";

local function names_of(fields)
	local set = {};
	for _, field in ipairs(fields) do set[field.name] = true; end
	return set;
end

local of_host = names_of(inside(hostconfig.read, "host_fields"));
local of_entry = names_of(inside(inside(hostconfig.read, "read_entry"), "entry_fields").list);

-- What a page's Lua assigns to globals, one after the other: { name, value }.
local function assignments(path)
	local list = {};
	local function of_configuration() return of_configuration; end
	local env = setmetatable({}, {
		__index = function (_, name)
			if name == "VirtualHost" or name == "Component" then return of_configuration; end
			return name ~= "print" and _G[name] or function () end;
		end;
		__newindex = function (_, name, value) list[#list + 1] = { name = name, value = value }; end;
	});
	assert(load((page.program(path)), "@" .. path, "t", env))();
	return list;
end

-- The entries of a page, with secrets in the place of the blanks.
local function filled(entries)
	for i, entry in ipairs(entries) do
		if entry.secret then entry.secret = secret_of("entry" .. i); end
	end
	return entries;
end

local function problems(options)
	return (select(2, hostconfig.read(function (name) return options[name]; end)));
end

local function entry_with(name, value)
	return { issuer = "portal", secret = name ~= "secret" and secret_of("s") or nil, [name] = value };
end

local count = 0;
describe("the lines of", function ()
	for _, path in ipairs({
		"doc/access.md", "doc/invitations.md", "doc/keys.md", "doc/observing.md", "doc/sessions.md", "doc/jitsi.md",
	}) do
		it(path .. " are taken", function ()
			for _, line in ipairs(assignments(path)) do
				local name, value = line.name, line.value;
				local options;
				if name == "meetauth_issuers" then
					options = { meetauth_issuers = filled(value) };
				elseif of_entry[name] then
					options = { meetauth_issuers = { entry_with(name, value) }, allow_empty_token = name == "on_invalid" or nil };
				elseif of_host[name] then
					options = { meetauth_issuers = { entry_with("audience", "jitsi") }, [name] = value };
				end
				if options then
					assert.same({ nil, n = 1 }, table.pack(problems(options)), name);
					count = count + 1;
				end
			end
		end);
	end

	it("pages were found", function () assert.is_true(count >= 15, count); end);
end);

describe("the token of doc/claims.md", function ()
	it("opens the room that it names", function ()
		local claims = assert(core.decode(sections.of("doc/claims.md"):code("Claims", "json")));
		local grant = assert(meetauth.grant(claims, { dialect = "jitsi", id = "portal" }, 1700000000));
		local place = { base = "meet.example.org", nfkc = tostring, fold = string.lower };
		assert.equal("member", meetauth.policy.enter(grant, { node = "standup" }, place, 1700000000).affiliation);
	end);
end);
