--- How the command fetches keys: one HTTP request that waits for its answer, of a server on this machine; and over TLS, from
-- openssl's own server, with a certificate that Prosody would trust, or not.

local command = require "spec.support.command";
local fetch = require "meetauth.cli.server.fetch";
local meetauth = require "meetauth";
local prosody = require "meetauth.cli.server.prosody";
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
local function ask(url, seconds, config)
	local got;
	fetch.with(config or { get = function () end })({ url = url, seconds = seconds or 60, bytes = 1000 }, function (answer)
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
		assert.truthy(ask(url).failure:find("is not installed", 1, true));
		local config = { get = function () end, verify_identity = function () return true; end };
		local expected = pcall(require, "ssl") and "^the TLS handshake failed: " or "^LuaSec is not installed";
		assert.truthy(ask(url, nil, config).failure:find(expected));
	end);
end

describe("a request #command", webserver.is_possible() and specs or function ()
	pending("is made where LuaSocket is");
end);

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");
local sources = root .. "/build/prosody-0.12";

local CLEAN = "env -u LD_PRELOAD -u ASAN_OPTIONS openssl ";
local TRIES = 600; -- each a tenth of a second: until the server says where it listens

local function tls_specs()
	local folder, port, pid;

	local function write(name, text) return command.write(folder .. "/" .. name, text); end

	-- A server of what stands in the folder, head and all.
	local function serve()
		command.shell(("cd %s && { %s s_server -accept 127.0.0.1:0 -key key -cert cert -HTTP >listens 2>&1 & echo $! >pid; }"):format(
			folder, CLEAN));
		pid = command.read(folder .. "/pid"):match("%d+");
		for _ = 1, TRIES do
			port = (command.read(folder .. "/listens") or ""):match("ACCEPT 127%.0%.0%.1:(%d+)");
			if port then return; end
			os.execute("sleep 0.1");
		end
		error(command.read(folder .. "/listens"));
	end

	setup(function ()
		folder = command.folder();
		local made = command.shell(CLEAN .. "req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext "
			.. ("subjectAltName=DNS:localhost -days 2 -keyout %s/key -out %s/cert"):format(folder, folder));
		assert(made.status == 0, made.err);
		write("keys", 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: "v1"\r\n\r\n{"keys":[]}');
		write("long", "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n" .. ("x"):rep(65));
		serve();
	end);
	teardown(function ()
		command.shell("kill " .. pid);
		command.clean();
	end);

	-- What comes of one request, with options of Prosody's for all hosts.
	local function fetched(url, options)
		local config = prosody.read(write("prosody.cfg.lua", (options or "") .. '\nVirtualHost "meet.example"\n'), sources);
		local answer;
		fetch.with(config)({ url = url:gsub("PORT", port), seconds = 60, bytes = 64 }, function (it) answer = it; end);
		return answer;
	end

	local function trusting() return ('client_https_ssl = { cafile = "%s/cert" }'):format(folder); end

	it("takes an answer from whom Prosody trusts", function ()
		for _, options in ipairs({ trusting(), (trusting():gsub("client_https_ssl", "ssl")) }) do
			local answer = fetched("https://localhost:PORT/keys", options);
			assert.is_nil(answer.failure);
			assert.same({ 200, '{"keys":[]}', '"v1"' }, { answer.code, answer.body, answer.headers.etag });
		end
	end);

	it("takes none from whom nobody vouches for", function ()
		assert.truthy(fetched("https://localhost:PORT/keys").failure:find("^the TLS handshake failed: "));
	end);

	it("takes none from another host", function ()
		assert.same({ failure = "the certificate belongs to another host" }, fetched("https://127.0.0.1:PORT/keys", trusting()));
	end);

	it("leaves no connection open that it has refused", function () -- this server has one at a time
		collectgarbage("stop");
		finally(function () collectgarbage("restart"); end);
		for _, url in ipairs({ "https://127.0.0.1:PORT/keys", "https://localhost:PORT/long" }) do
			assert.truthy(fetched(url, trusting()).failure);
			assert.equal(200, fetched("https://localhost:PORT/keys", trusting()).code);
		end
	end);

	it("takes none that is too long", function ()
		assert.same({ failure = "too much" }, fetched("https://localhost:PORT/long", trusting()));
	end);

	it("takes none where nobody listens", function ()
		assert.same({ failure = "connection refused" }, fetched("https://127.0.0.1:1/keys", trusting()));
	end);

	it("speaks TLS only where the address says so", function ()
		assert.truthy(fetched("http://localhost:PORT/keys", trusting()).failure);
	end);
end

local there = fetch.is_there() and command.read(sources .. "/usr/lib/prosody/core/configmanager.lua") ~= nil;
describe("check's way to fetch keys #command", there and tls_specs or function ()
	pending("is tried where LuaSocket is, and Prosody 0.12 is unpacked in build/");
end);
