local frontier = require "meetauth.server.frontier";

local names = { ["console.meet.example"] = true };

describe("meetauth.server.frontier", function ()
	for host, answers in pairs({
		["localhost"] = true, ["LocalHost:5280"] = true, ["127.0.0.1:5280"] = true, ["[::1]:5280"] = true, ["[::1]"] = true,
		["console.meet.example"] = true, ["Console.Meet.Example:443"] = true,
		["meet.example"] = false, ["evil.example"] = false, ["localhost.evil.example"] = false, ["localhost:"] = false,
		["localhost, evil.example"] = false, ["localhost@evil.example"] = false, [""] = false, ["127.0.0.2"] = false,
		["[::1"] = false, ["localhost:80:80"] = false,
	}) do
		it((answers and "answers to " or "does not answer to ") .. ("%q"):format(host), function ()
			assert.equal(answers, frontier.answers_to(host, names));
		end);
	end

	it("does not answer where no Host is said", function ()
		assert.is_false(frontier.answers_to(nil, names));
	end);

	local own = {
		{ "the same address", { host = "localhost:5280", origin = "http://localhost:5280" }, true };
		{ "a name over https", { host = "console.meet.example", origin = "https://console.meet.example" }, true };
		{ "what the browser calls the same origin", { host = "localhost", origin = "http://localhost",
			sec_fetch_site = "same-origin" }, true };
		{ "a name over plain http", { host = "console.meet.example", origin = "http://console.meet.example" }, false };
		{ "another site", { host = "localhost:5280", origin = "http://evil.example" }, false };
		{ "another port", { host = "localhost:5280", origin = "http://localhost:8080" }, false };
		{ "a sandboxed page", { host = "localhost:5280", origin = "null" }, false };
		{ "no origin", { host = "localhost:5280" }, false };
		{ "an origin with a path", { host = "localhost", origin = "http://localhost/console" }, false };
		{ "what the browser calls another site", { host = "localhost", origin = "http://localhost",
			sec_fetch_site = "cross-site" }, false };
		{ "another site of the same domain", { host = "localhost", origin = "http://localhost", sec_fetch_site = "same-site" }, false };
		{ "an extension", { host = "localhost", origin = "chrome-extension://localhost" }, false };
	};
	for _, case in ipairs(own) do
		it((case[3] and "takes " or "does not take ") .. case[1] .. (case[3] and "" or " for its own page"), function ()
			assert.equal(case[3], frontier.is_own(case[2]));
		end);
	end

	local scripts = {
		{ { content_type = "application/json", x_meetauth_console = "1" }, true };
		{ { content_type = "application/json; charset=utf-8", x_meetauth_console = "1" }, true };
		{ { content_type = "application/json" }, false };
		{ { content_type = "text/plain", x_meetauth_console = "1" }, false };
		{ { content_type = "application/jsonx", x_meetauth_console = "1" }, false };
		{ { x_meetauth_console = "1" }, false };
	};
	for i, case in ipairs(scripts) do
		it(("tells a script's request from a form's (%d)"):format(i), function ()
			assert.equal(case[2], frontier.is_script(case[1]));
		end);
	end

	for header, id in pairs({
		["meetauth_console=abc"] = "abc", ["a=b; meetauth_console=abc; c=d"] = "abc", ["xmeetauth_console=abc"] = false,
		["meetauth_console=abc; meetauth_console=def"] = false, [""] = false,
	}) do
		it(("reads the cookie in %q"):format(header), function ()
			assert.equal(id or nil, frontier.cookie(header));
		end);
	end

	it("reads no cookie where there is no header", function ()
		assert.is_nil(frontier.cookie(nil));
	end);

	it("sets a cookie that no script and no other site has, and only https where the page is", function ()
		assert.equal("meetauth_console=abc; Path=/console/a/; Max-Age=3600; HttpOnly; SameSite=Strict",
			frontier.set_cookie("abc", "/console/a/", "http://localhost", 3600));
		assert.equal("meetauth_console=abc; Path=/console/a/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure",
			frontier.set_cookie("abc", "/console/a/", "https://c.example", 3600));
	end);

	it("takes the cookie away", function ()
		assert.equal("meetauth_console=; Path=/console/a/; Max-Age=0; HttpOnly; SameSite=Strict",
			frontier.set_cookie(nil, "/console/a/", "http://localhost", 3600));
	end);

	it("says with every answer that nothing is kept, framed, told, or taken from elsewhere", function ()
		local headers = frontier.headers;
		assert.equal("no-store", headers.cache_control);
		assert.equal("no-referrer", headers.referrer_policy);
		assert.equal("DENY", headers.x_frame_options);
		for _, word in ipairs({ "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'" }) do
			assert.is_truthy(headers.content_security_policy:find(word, 1, true), word);
		end
		assert.is_nil(headers.content_security_policy:find("unsafe", 1, true));
	end);
end);
