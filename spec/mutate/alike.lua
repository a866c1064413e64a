--- Faults that nobody can notice, each with its reason: 'before' and 'after' are the line without the white space around
-- it. mutate.lua leaves them out, and says which rows fit no place any more.

---@type { file: string, before: string, after: string, why: string }[]
return {
	{
		file = "lua/meetauth/room/name.lua",
		before = 'if not (claimed .. name):find("[\\128-\\255%%]") then return false; end',
		after = 'if not (claimed .. name):find("[\\128-\\255%%]") then end',
		why = "saves work only: ASCII that differs after lower-casing differs in what follows, too";
	};
	{
		file = "src/sig_hmac.c", before = "#define BLOCK_MAX 128 /* bytes: SHA-512 */",
		after = "#define BLOCK_MAX 129 /* bytes: SHA-512 */",
		why = "a buffer that is larger than any block";
	};
	{
		file = "src/jsontable.c", before = "uint64_t seen = 0, bit;", after = "uint64_t seen = 1, bit;",
		why = "saves work only: a name that may have been there already is looked up";
	};
	{
		file = "lua/meetauth/cli/io/files.lua", before = 'io.stdout:setvbuf("full", 65536);',
		after = 'io.stdout:setvbuf("full", 65535);', why = "how much is written at once, which nobody sees";
	};
	{
		file = "src/jsonwrite.c", before = "#define FIRST 1024 /* bytes */", after = "#define FIRST 1025 /* bytes */",
		why = "a buffer on the stack: where it ends, the text goes on elsewhere";
	};
	{
		file = "src/sigcache.c", before = "slot[IS_TAKEN(cache)] = 1;", after = "slot[IS_TAKEN(cache)] = 2;",
		why = "a yes, looked at for being no 0";
	};
	{
		file = "src/jwk.c", before = "if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) > 0)",
		after = "if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) >= 0)",
		why = "OpenSSL's answer there is 1 or less than 0, whatever its page promises";
	};
};
