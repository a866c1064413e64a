rockspec_format = "1.0" -- the oldest that says all of this, for every LuaRocks
package = "meetauth"
version = "0.1.0-1"
source = {
	url = "."; -- luarocks make builds the tree at hand; where that came from is not the tree's to say
}
description = {
	summary = "Meeting tokens, Jitsi's and Daily's, for Prosody and for Lua programs";
	detailed = [[
		Verifies JSON Web Tokens in a C module on libcrypto. Two Prosody modules let the bearers of meeting
		tokens in Jitsi's or Daily's dialect into their rooms; Lua programs get claims, or a reason.
	]];
	license = "MIT";
}
dependencies = {
	"lua >= 5.4, < 5.5";
	"lua-cjson";
	"argparse"; -- the command alone
}
external_dependencies = {
	CRYPTO = { header = "openssl/evp.h", library = "crypto" };
}
build = {
	type = "builtin"; -- installs the folder lua/ as it stands, the Prosody modules too; only C is listed
	modules = {
		["meetauth.core"] = {
			sources = {
				"src/alg.c", "src/b64url.c", "src/claimtype.c", "src/compact.c", "src/core.c", "src/digest.c",
				"src/ecdsader.c", "src/edpoint.c", "src/hmac.c", "src/json.c", "src/jsonplain.c", "src/jsontable.c",
				"src/jwk.c", "src/key.c", "src/keygen.c", "src/pkey.c", "src/pkeymake.c", "src/result.c",
				"src/selector.c", "src/sig.c", "src/sigcache.c", "src/status.c", "src/token.c", "src/udata.c",
			};
			libraries = { "crypto" };
			incdirs = { "$(CRYPTO_INCDIR)" };
			libdirs = { "$(CRYPTO_LIBDIR)" };
		};
	};
	install = { bin = { meetauth = "lua/meetauth/cli/meetauth" } };
}
