--- meetauth check on where keys come from: files, addresses, and this machine's clock beside theirs.

local checked = require "spec.support.checked";
local command = require "spec.support.command";
local hostconfig = require "meetauth.config.host";
local keyurl = require "meetauth.key.url";
local meetauth = require "meetauth";
local webserver = require "spec.support.webserver";

local look = {};
for _, row in ipairs(require "meetauth.cli.check.sources") do look[row.name] = row.look; end

-- What a check says, as lines: verdict, what was found, what to do.
local function said(name, site, host)
	local lines = {};
	look[name](site, host, function (verdict, found, todo)
		lines[#lines + 1] = ("%s %s%s"):format(verdict, found, todo and " -> " .. todo or "");
	end);
	return lines;
end

-- Edits of a configuration in which all is well, as in check's other specs.
local cases = {
	{ name = "a file whose secret ends in a newline", edit = { '"portal.secret"', '"newline.secret"' },
		line = { "warn  meet.example files: meetauth_issuers[2].secret_file[1]: ", "ends with a newline, which is not a part of the secret" } },
	{ name = "a file that is not there", edit = { '"portal.secret"', '"none.secret"' },
		line = { "FAIL  meet.example files: meetauth_issuers[2].secret_file[1]: found ", "-> correct this" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of key files, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end

local function http(status, headers, body)
	return ("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s"):format(status, headers, #body, body);
end

local one = meetauth.keygen({ alg = "ES256", kid = "k1" });
local keys = { one };
for i = 2, 6 do keys[i] = meetauth.keygen({ alg = "ES256", kid = "k" .. i }); end
local set, many = assert(meetauth.jwks_of({ one })), assert(meetauth.jwks_of(keys));

local asap_path = keyurl.asap("https://x.example", "meetauth-check"):match("([^/]+)$");
local answers = {
	good = http("200 OK", "Cache-Control: max-age=300\r\nAge: 7\r\n", set), many = http("200 OK", "", many),
	old = http("200 OK", "Date: Sun, 01 Jan 2023 00:00:00 GMT\r\n", set), undated = http("200 OK", "Date: yesterday\r\n", set),
	empty = http("200 OK", "", '{"keys":[]}'), page = http("200 OK", "", "<html>"), missing = http("404 Not Found", "", ""),
	broken = http("500 Internal Server Error", "", set), elsewhere = http("302 Found", "Location: https://x.example/\r\n", ""),
};

-- An entry's address, its path on the server, and what is said of it; AT is the address.
local addresses = {
	{ "jwks_url", "good", "ok e: AT: 1 key (k1 ES256), 7 s old, next request in 293 s" };
	{ "jwks_url", "many", "ok e: AT: 6 keys (k1 ES256, k2 ES256, k3 ES256, k4 ES256, ...), next request in 21600 s" };
	{ "jwks_url", "many", "ok e: AT: 6 keys (k1 ES256, k2 ES256, k3 ES256, k4 ES256, ...), next request in 90.5 s",
		refresh_max = 90.5 };
	{ "jwks_url", "good", algorithms = "RS256",
		"FAIL e: AT: no key for RS256 (the key \"k1\" is ignored (algorithm-mismatch)) -> compare the entry's algorithms" };
	{ "jwks_url", "empty", "FAIL e: AT: no key for ES256 (it has no keys) -> compare the entry's algorithms" };
	{ "jwks_url", "page", "FAIL e: AT: bad-json -> correct this, because tokens signed with its keys are refused" };
	{ "jwks_url", "missing", "FAIL e: AT: status 404 -> correct this, because tokens signed with its keys are refused" };
	{ "jwks_url", "broken", "FAIL e: AT: status 500 -> correct this, because tokens signed with its keys are refused" };
	{ "jwks_url", "elsewhere", "FAIL e: AT: redirect elsewhere -> correct this, because tokens signed with its keys are refused" };
	{ "asap_url", "", "ok e: AT answers. The server asks it for each key by name", asap = "missing" };
	{ "asap_url", "", "warn e: AT: status 500 for a name that no key has -> check the server: it should answer with status "
		.. "404", asap = "broken" };
};

local function of_addresses()
	teardown(command.clean);

	-- A host with an entry of such an address.
	local function host_of(case, at)
		local entry = { id = "e", issuer = "e", [case[1]] = at, algorithms = case.algorithms or "ES256",
			refresh_max = case.refresh_max };
		local host = assert(hostconfig.read(function (name) return name == "meetauth_issuers" and { entry } or nil; end));
		return { read = host, dates = {} };
	end

	local site = { args = { config = "/no/where/prosody.cfg.lua" }, config = { get = function () end } };

	for _, case in ipairs(addresses) do
		it("says " .. case[3], function ()
			local given = {};
			for path, bytes in pairs(answers) do given[path] = bytes; end
			if case.asap then given[asap_path] = answers[case.asap]; end
			local server <close> = webserver.start(given);
			local at = server.url .. "/" .. case[2];
			assert.same({ (case[3]:gsub("AT", at)) }, said("addresses", site, host_of(case, at)));
		end);
	end

	it("says nothing of files, and fetches none", function ()
		local host = host_of({ "jwks_file" }, "keys.json");
		assert.same({ {}, {} }, { said("addresses", site, host), host.dates });
	end);

	it("keeps how far a server's clock is off, of a date that is one", function ()
		local server <close> = webserver.start(answers);
		for path, is_dated in pairs({ old = true, good = false, undated = false }) do
			local host = host_of({ "jwks_url" }, server.url .. "/" .. path);
			said("addresses", site, host);
			assert.equal(is_dated and 1 or 0, #host.dates);
			if is_dated then
				assert.equal(server.url .. "/" .. path, host.dates[1].at);
				assert.is_true(host.dates[1].off < -86400);
			end
		end
	end);

	it("says where nobody listens", function ()
		local at = "http://127.0.0.1:1/jwks";
		assert.same({ ("FAIL e: %s: connection refused -> correct this, because tokens signed with its keys are refused"):format(at) },
			said("addresses", site, host_of({ "jwks_url" }, at)));
	end);
end

describe("check of addresses #command", webserver.is_possible() and of_addresses or function ()
	pending("is run where LuaSocket is");
end);

describe("check of the clock", function ()
	local set_it = " -> set this machine's clock: timedatectl set-ntp true";
	local clocks = {
		{ 0, "ok this machine's clock is 0 s ahead of the clock of AT" }; { 10, "ok this machine's clock is 10 s behind the clock of "
			.. "AT" }; { -10, "ok this machine's clock is 10 s ahead of the clock of AT" };
		{ 11, "warn this machine's clock is 11 s behind the clock of AT -> set this machine's clock, because the difference is more "
			.. "than the leeway: timedatectl "
			.. "set-ntp true" };
		{ -60, "warn this machine's clock is 60 s ahead of the clock of AT -> set this machine's clock, because the difference is "
			.. "more than the leeway: "
			.. "timedatectl set-ntp true" };
		{ 61, "FAIL this machine's clock is 61 s behind the clock of AT" .. set_it }; { -3600, "FAIL this machine's clock is 3600 s "
			.. "ahead of the clock of AT" .. set_it };
	};
	for _, case in ipairs(clocks) do
		it("says " .. case[2], function ()
			assert.same({ case[2] }, said("clock", nil, { read = { meetauth_leeway = 10 }, dates = { { at = "AT", off = case[1] } } }));
		end);
	end

	it("is skipped where there is no other one", function ()
		assert.same({ "skip no key server is available to compare this machine's clock with" },
			said("clock", nil, { read = { meetauth_leeway = 10 }, dates = {} }));
		assert.same({}, said("clock", nil, { dates = {} }));
	end);
end);
