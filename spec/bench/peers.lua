--- What Debian ships for verifying a token in Lua, used as its users do: keys prepared once where it can.

local cjson = require "cjson.safe";

local peers = {};

local function base64url_decoder()
	local unb64 = require "mime".unb64;
	return function (s)
		return (unb64((s:gsub("[-_]", { ["-"] = "+", ["_"] = "/" }) .. ("="):rep(-#s % 4))));
	end;
end

local function claims_fit(claims, now, iss, aud)
	return now < claims.exp and now >= claims.nbf and (not iss or claims.iss == iss) and (not aud or claims.aud == aud);
end

-- lua-luaossl for the signature, lua-cjson for JSON, LuaSocket for base64.
function peers.luaossl(set, iss, aud)
	local decode, digest = base64url_decoder(), require "openssl.digest";
	local good;
	if set.alg == "HS256" then
		local hmac = require "openssl.hmac";
		function good(input, signature) return hmac.new(set.public, "sha256"):final(input) == signature; end
	elseif set.alg == "RS256" then
		local key = require "openssl.pkey".new(set.public);
		function good(input, signature) return key:verify(signature, digest.new("sha256"):update(input)); end
	else
		return nil;
	end
	return function (token)
		local input, head, payload, signature = token:match("^(([^.]+)%.([^.]+))%.([^.]+)$");
		local header = cjson.decode(decode(head));
		if header.alg ~= set.alg or not good(input, decode(signature)) then return nil; end
		local claims = cjson.decode(decode(payload));
		return claims_fit(claims, os.time(), iss, aud) and claims or nil;
	end;
end

-- Prosody's own util.jwt, which knows HS256.
peers["util.jwt"] = function (set, iss, aud)
	if set.alg ~= "HS256" then return nil; end
	local verify = require "util.jwt".verify;
	return function (token)
		local ok, claims = verify(set.public, token);
		return ok and claims_fit(claims, os.time(), iss, aud) and claims or nil;
	end;
end;

return peers;
