-- peer.lua - the library as a process: a JSON object a line on stdin, a JSON object a line on stdout, in order.
-- { op, ... } -> { result } or { reason }; { error } for a raise. Keys, sets and verifiers stay here and are
-- known by number. Bytes that are no text come and go as base64url.

local meetauth = require "meetauth";
local core = require "meetauth.core";
local cjson = require "cjson".new(); -- reads the requests: not the reader that is being tested

local base64 = dofile("spec/support/base64.lua");

local kept = {};

local function keep(thing)
	kept[#kept + 1] = thing;
	return #kept;
end

local function all(numbers)
	local things = {};
	for i, number in ipairs(numbers) do things[i] = kept[number]; end
	return things;
end

-- JSON with every digit, unlike lua-cjson's.
local function exact(value)
	if math.type(value) == "integer" then return ("%d"):format(value); end
	if math.type(value) == "float" then return ("%.17g"):format(value); end
	if type(value) ~= "table" then return cjson.encode(value); end
	local parts = {};
	if getmetatable(value) == core.array_mt then
		for i, member in ipairs(value) do parts[i] = exact(member); end
		return "[" .. table.concat(parts, ",") .. "]";
	end
	for name, member in pairs(value) do parts[#parts + 1] = cjson.encode(name) .. ":" .. exact(member); end
	return "{" .. table.concat(parts, ",") .. "}";
end

local ops = {};

-- { spec } -> number. spec as meetauth.key's; secret and der (a public or private key) in base64url.
function ops.key(request)
	local spec = request.spec;
	if spec.secret then spec.secret = base64.bytes(spec.secret); end
	if spec.der then spec[spec.kind], spec.der, spec.kind = base64.bytes(spec.der), nil, nil; end
	local key, reason = meetauth.key(spec);
	return key and keep(key), reason;
end

-- { spec } -> { key, material }
function ops.keygen(request)
	local key, material = meetauth.keygen(request.spec);
	if not key then return nil, material; end
	return { key = keep(key), material = base64.url(material) };
end

function ops.jwk(request) return kept[request.key]:jwk(); end
function ops.pem(request) return kept[request.key]:pem(); end
function ops.thumbprint(request) return kept[request.key]:thumbprint(); end
function ops.jwks_of(request) return meetauth.jwks_of(all(request.keys)); end

-- { text } -> { set, kids, skipped }
function ops.jwks(request)
	local set, reason = meetauth.jwks(request.text);
	if not set then return nil, reason; end
	local kids = {};
	for i, key in ipairs(set.keys) do kids[i] = key:kid(); end
	return { set = keep(set), kids = kids, skipped = set.skipped };
end

-- { key, claims (JSON text), header } -> token
function ops.sign(request)
	return meetauth.sign(kept[request.key], core.decode(request.claims), request.header);
end

-- { keys or set, options } -> number
function ops.verifier(request)
	local options = request.options;
	options.keys = request.set and kept[request.set] or all(request.keys);
	return keep(meetauth.verifier(options));
end

-- { verifier, token, now } -> claims as JSON text
function ops.verify(request)
	local claims, reason = kept[request.verifier](request.token, request.now);
	return claims and exact(claims), reason;
end

for line in io.lines() do
	local ok, result, reason = pcall(function ()
		local request = cjson.decode(line);
		return ops[request.op](request);
	end);
	local reply = not ok and { error = tostring(result) } or result == nil and { reason = reason } or { result = result };
	io.write(cjson.encode(reply), "\n");
	io.flush();
end
