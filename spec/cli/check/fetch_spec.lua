--- One HTTP request that waits for its answer, of a server on this machine.

local command = require "spec.support.command";
local fetch = require "meetauth.cli.check.fetch";
local meetauth = require "meetauth";
local webserver = require "spec.support.webserver";

local ok = "HTTP/1.1 200 OK\r\n";

-- What stands behind a path, and what comes of it: a code and a body, or a failure.
local cases = {
	{ "whole", ok .. "Content-Length: 5\r\n\r\nhello", code = 200, body = "hello" };
	{ "until-closed", ok .. "\r\nhello", code = 200, body = "hello" };
	{ "chunked", ok .. "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", code = 200, body = "hello" };
	{ "empty", "HTTP/1.1 204 No Content\r\n\r\n", code = 204, body = "" };
	{ "missing", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", code = 404, body = "no" };
	{ "moved", "HTTP/1.1 302 Found\r\nLocation: /whole\r\nContent-Length: 0\r\n\r\n", code = 302, body = "" };
	{ "large", ok .. "\r\n" .. ("x"):rep(1001), failure = true };
	{ "large-as-said", ok .. "Content-Length: 1001\r\n\r\n", failure = true };
	{ "largest", ok .. "\r\n" .. ("x"):rep(1000), code = 200, body = ("x"):rep(1000) };
	{ "cut-off", ok .. "Content-Length: 5\r\n\r\nhel", failure = true };
	{ "no-http", "hello\r\n\r\n", failure = true };
	{ "nothing", "", failure = true };
};

-- The answer to one request; the time is only asked for where nothing comes.
local function ask(url, seconds, prosody)
	local got;
	fetch.with(prosody or { get = function () end })({ url = url, seconds = seconds or 60, bytes = 1000 }, function (answer)
		assert.is_nil(got);
		got = answer;
	end);
	return assert(got);
end

local function specs()
	local server;

	setup(function ()
		local answers = {};
		for _, case in ipairs(cases) do answers[case[1]] = case[2]; end
		server = webserver.start(answers);
	end);
	teardown(function ()
		getmetatable(server).__close();
		command.clean();
	end);

	it("is possible here", function () assert.is_true(fetch.is_there()); end);

	for _, case in ipairs(cases) do
		it(("has of an answer that is %s %s"):format(case[1], case.failure and "a failure" or "its code and its body"), function ()
			local answer = ask(server.url .. "/" .. case[1]);
			assert.same({ case.code, case.body }, { answer.code, answer.body });
			assert.equal(case.failure == true, type(answer.failure) == "string");
		end);
	end

	it("has the headers, by their names in lower case", function ()
		assert.equal("/whole", ask(server.url .. "/moved").headers.location);
	end);

	it("asks for what it is told, in its own name, and for one answer", function ()
		local asked = ask(server.url .. "/echo").body;
		for _, line in ipairs({ "GET /echo HTTP/1.1", "Host: " .. server.url:match("//(.*)$"), "Connection: close",
			"User-Agent: meetauth/" .. meetauth._VERSION }) do
			assert.truthy(("\n" .. asked .. "\n"):find("\n" .. line .. "\n", 1, true), asked);
		end
	end);

	it("gives up on a server that never answers", function ()
		assert.same({ failure = "no answer in time" }, ask(server.url .. "/never", 0.2));
	end);

	it("gives up where nobody listens", function ()
		local held <close> = setmetatable({ conn = require "socket".tcp() }, { __close = function (self) self.conn:close(); end });
		assert(held.conn:bind("127.0.0.1", 0));
		local _, port = held.conn:getsockname();
		assert.same({ failure = "connection refused" }, ask("http://127.0.0.1:" .. port .. "/"));
	end);

	it("takes no certificate that it cannot compare, and goes on with nobody who speaks no TLS", function ()
		local plain <close> = webserver.start({ [".at-once"] = cases[1][2] });
		local url = plain.url:gsub("^http:", "https:") .. "/whole";
		assert.truthy(ask(url).failure:find("^no "));
		local prosody = { get = function () end, verify_identity = function () return true; end };
		local expected = pcall(require, "ssl") and "^certificate or handshake: " or "^no LuaSec here";
		assert.truthy(ask(url, nil, prosody).failure:find(expected));
	end);
end

describe("a request #command", webserver.is_possible() and specs or function ()
	pending("is made where LuaSocket is");
end);
