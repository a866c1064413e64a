--- A world for key sources: a clock, an HTTP client, files and a store that the spec moves by hand.

local hostconfig = require "meetauth.config.host";
local keyaddress = require "meetauth.key.address";
local keystore = require "meetauth.key.store";
local keyfiles = require "meetauth.key.files";
local meetauth = require "meetauth";

local keyworld = {};

keyworld.url = "https://keys.example/jwks";

local made = {};

--- A private key under ES256 with that kid, the same one each time; "-" has none.
---@param kid string
---@return Key
function keyworld.key(kid)
	made[kid] = made[kid] or assert(meetauth.keygen { alg = "ES256", kid = kid ~= "-" and kid or nil });
	return made[kid];
end

--- The JWK set of some keys.
function keyworld.set(...)
	local keys = {};
	for i, kid in ipairs({ ... }) do keys[i] = keyworld.key(kid); end
	return assert(meetauth.jwks_of(keys));
end

--- An answer with that body.
function keyworld.ok(body, headers)
	return { code = 200, headers = headers or {}, body = body };
end

--- keyworld.new(entries, { store, files, uses, options }) -> world. An entry names what differs from a Jitsi entry with
-- a JWK set at keyworld.url, options what else a host says.
function keyworld.new(entries, given)
	given = given or {};
	local world = {
		time = 1000000, requests = {}, store = given.store or {}, files = given.files or {}, notes = {}, told = {},
		changes = 0, stamps = 0,
	};

	local raw = {};
	for i, fields in ipairs(entries) do
		raw[i] = { id = "e" .. i, issuer = "portal", jwks_url = keyworld.url, algorithms = { "ES256" } };
		for name, value in pairs(fields) do raw[i][name] = value ~= meetauth.null and value or nil; end
	end
	local host, problems = hostconfig.read(function (name)
		if name == "meetauth_issuers" then return raw; end
		return (given.options or {})[name];
	end);
	assert(host, problems and table.concat(problems, "\n"));

	local function read_file(path)
		local file = world.files[path];
		if not file then return nil, "not there"; end
		return file.text;
	end

	--- Write a file; nil takes it away.
	function world.write(path, text)
		world.stamps = world.stamps + 1;
		world.files[path] = text and { text = text, stamp = "s" .. world.stamps } or nil;
	end
	for path, text in pairs(world.files) do world.write(path, text); end

	world.host, world.entries = host, host.entries;
	local documents, lines = keyfiles.load(host.entries, read_file);
	world[documents and "warnings" or "problems"] = lines;
	if not documents then return world; end
	world.documents = documents;

	world.addresses = given.addresses or keyaddress.book(function () return world.time; end);

	function world.start()
		world.chain = keystore.new(host.entries, documents, {
			now = function () return world.time; end;
			addresses = world.addresses;
			fetch = function (request, done)
				request.done = done;
				table.insert(world.requests, request);
				if world.always then done(world.always(request)); end
			end;
			store = {
				get = function (at) return world.store[at]; end;
				set = function (at, record) world.store[at] = record; end;
			};
			read_file = read_file, refuse = given.refuse;
			stat = function (path) return world.files[path] and world.files[path].stamp; end;
			changed = function () world.changes = world.changes + 1; end;
			tell = function (level, line) table.insert(world.told, level .. ": " .. line); end;
			note = function (source, outcome, why)
				table.insert(world.notes, source.entry .. " " .. outcome .. (why and " " .. why or ""));
			end;
			uses = given.uses or {};
		});
	end
	world.start();

	--- Let time pass, second by second as the server does.
	function world.pass(seconds)
		for _ = 1, seconds do
			world.time = world.time + 1;
			world.chain:tick();
		end
	end

	--- Answer the last request.
	function world.answer(answer)
		world.requests[#world.requests].done(answer);
	end

	--- An entry's keys that count now.
	function world.keys(i) return world.chain.keys[host.entries[i]]; end

	--- The kids of an entry's keys that count now, in the order in which they are tried.
	function world.kids(i)
		local list = {};
		for _, one in ipairs(world.keys(i or 1)) do list[#list + 1] = one.key:kid() or "-"; end
		return table.concat(list, " ");
	end

	--- A login with a token of that kid which has been refused: the reasons it was told; nil: nothing to wait for.
	function world.want(kid, alg)
		local told = {};
		local asked = world.chain:want({ kid = kid, alg = alg or "ES256" }, host.entries, function (reason)
			told[#told + 1] = reason or "again";
		end);
		return asked and told or nil;
	end

	function world.last_note()
		return world.notes[#world.notes];
	end

	return world;
end

return keyworld;
