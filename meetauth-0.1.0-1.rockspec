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
	"argparse"; -- the command alone
}
external_dependencies = {
	CRYPTO = { header = "openssl/evp.h", library = "crypto" };
}
build = {
	type = "make"; -- the Makefile knows how: warnings, what the core shows, where each file goes
	build_variables = {
		BUILD = "build/rock";
		CC = "$(CC)";
		CFLAGS = "$(CFLAGS)";
		WARN = "-Wall"; -- other compilers warn of other things
		LUA_CFLAGS = "-I$(LUA_INCDIR)";
		CRYPTO_CFLAGS = "-I$(CRYPTO_INCDIR)";
		CRYPTO_LIBS = "-L$(CRYPTO_LIBDIR) -lcrypto";
	};
	install_variables = {
		BUILD = "build/rock";
		PREFIX = "$(PREFIX)";
		LUADIR = "$(LUADIR)";
		LIBDIR = "$(LIBDIR)";
	};
}
