--- How check fetches keys (meetauth/cli/check/fetch.lua), from openssl's own server: over TLS, with a certificate that
-- Prosody would trust, or not.

local command = require "spec.support.command";
local fetch = require "meetauth.cli.check.fetch";
local prosody = require "meetauth.cli.prosody";

local pwd <close> = assert(io.popen("pwd"));
local root = pwd:read("l");
local sources = root .. "/build/prosody-0.12";

local CLEAN = "env -u LD_PRELOAD -u ASAN_OPTIONS openssl ";
local TRIES = 600; -- each a tenth of a second: until the server says where it listens

local function specs()
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
		assert.truthy(fetched("https://localhost:PORT/keys").failure:find("^certificate or handshake: "));
	end);

	it("takes none from another host", function ()
		assert.same({ failure = "the certificate is another host's" }, fetched("https://127.0.0.1:PORT/keys", trusting()));
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
describe("check's way to fetch keys #command", there and specs or function ()
	pending("is tried where LuaSocket is, and Prosody 0.12 is unpacked in build/");
end);
