--- The keys by which the command verifies for a server: those of its store, where each look waits for its answer.

local command = require "spec.support.command";
local hostconfig = require "meetauth.config.host";
local keyfiles = require "meetauth.key.files";
local meetauth = require "meetauth";
local serverkeys = require "meetauth.cli.server.keys";
local stop = require "meetauth.cli.io.stop";
local terminal = require "meetauth.cli.io.terminal";
local webserver = require "spec.support.webserver";

local now = 1700000000;

local function specs()
	local known = assert(meetauth.keygen { alg = "ES256", kid = "known" });
	local fresh = assert(meetauth.keygen { alg = "ES256", kid = "fresh" });
	local server, said, say;

	local function set(...) return assert(meetauth.jwks_of({ ... })); end
	local function answer(body) return ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#body, body); end

	setup(function ()
		server = webserver.start({
			set = answer(set(known)), broken = answer("<html>"), empty = answer('{"keys":[]}'),
			missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
		});
	end);
	teardown(function ()
		getmetatable(server).__close();
		command.clean();
	end);
	before_each(function ()
		said, say = {}, terminal.say;
		terminal.say = function (fmt, ...) said[#said + 1] = fmt:format(...); end;
	end);
	after_each(function () terminal.say = say; end);

	-- Those of an entry with that address.
	local function keys_of(path, args, more)
		local entry = { id = "sso", issuer = "sso", algorithms = "ES256", jwks_url = path and server.url .. "/" .. path };
		for name, value in pairs(more or {}) do entry[name] = value; end
		local read = assert(hostconfig.read(function (name) return name == "meetauth_issuers" and { entry } or nil; end));
		local documents = assert(keyfiles.load(read.entries, command.read));
		local all = { config = "none" }; -- no server to ask for what it keeps
		for name, value in pairs(args or {}) do all[name] = value; end
		local config = { get = function () end, sources = "/nowhere" };
		return serverkeys.new(all, config, "meet.example", read, documents, command.read, now);
	end

	local function token(key, claims)
		claims = claims or {};
		claims.iss = claims.iss or "sso";
		return assert(meetauth.sign(key, claims));
	end

	it("are fetched where the token needs one, and it is judged by them", function ()
		local keys = keys_of("set");
		local claims, reason, entry = keys:judge(token(known));
		assert.equal("sso", claims and claims.iss, reason);
		assert.equal("sso", entry.id);
		assert.same({ nil, "unknown-key" }, { keys:judge(token(fresh)) });
		assert.same({}, said);
	end);

	it("say of a forged signature what the server says", function ()
		local forged = meetauth.keygen { alg = "ES256", kid = "known" };
		assert.same({ nil, "signature-mismatch" }, { keys_of("set"):judge(token(forged)) });
	end);

	it("of other entries are asked for nothing", function ()
		assert.same({ nil, "unknown-issuer" }, { keys_of("broken"):judge(token(known, { iss = "another" })) });
		assert.same({ nil, "algorithm-mismatch" }, { keys_of("broken"):judge(token((meetauth.keygen { alg = "EdDSA" }))) });
		assert.same({}, said);
	end);

	it("cannot be had from an address that does not answer, or not with keys: nothing can be told", function ()
		for path, why in pairs({ broken = "bad-json", missing = "status 404" }) do
			said = {};
			assert.same({ nil, "keys-unavailable" }, { keys_of(path):judge(token(known)) });
			assert.same({ ("the keys of sso at %s/%s: %s"):format(server.url, path, why) }, said);
		end
		assert.same({ nil, "unknown-key" }, { keys_of("empty"):judge(token(known)) });
	end);

	it("are not asked for where that is not wanted", function ()
		assert.same({ nil, "keys-unavailable" }, { keys_of("set", { offline = true }):judge(token(known)) });
		assert.same({ ("the keys of sso at %s/set: the source was not asked, because of --offline"):format(server.url) }, said);
		local own = { jwks_url = server.url .. "/set", public_key = fresh:pem(), kid = "fresh" };
		assert.is_table(keys_of(nil, { offline = true }, own):judge(token(fresh))); -- which stands in the configuration
	end);

	it("come from a file in the place of every address, whatever stands there", function ()
		local path = command.write(command.folder() .. "/set.json", set(known));
		local nowhere = "https://127.0.0.1:1";
		for field, iss in pairs({ jwks_url = "sso", asap_url = "sso", cache_keys_url = "sso", oidc_url = nowhere }) do
			local keys = keys_of(nil, { jwks_file = path }, { [field] = nowhere, issuer = iss });
			assert.is_table((keys:judge(token(known, { iss = iss }))));
			assert.same({ nil, "unknown-key" }, { keys:judge(token(fresh, { iss = iss })) });
		end
		assert.same({}, said);
	end);

	it("come from no file that is no set", function ()
		local path = command.write(command.folder() .. "/no-set.json", "[]");
		local ok, raised = pcall(keys_of, "set", { jwks_file = path });
		assert.is_true(not ok and stop.is(raised));
		assert.equal(("--jwks-file: %s is not a JWK set: bad-set"):format(path), raised.message);
	end);

	it("do not count outside of their window, and are not asked for then", function ()
		assert.same({ nil, "unknown-key" }, { keys_of("broken", {}, { not_after = now - 1 }):judge(token(known)) });
		assert.same({}, said);
	end);
end

describe("the keys of a server, for the command, #command", specs);
