--- Published keys and tokens: RFC 7515 appendix A (A.1 to A.5), RFC 8037 A.4. Each text is as printed,
--- without the line breaks.

local base64 = require "spec.support.base64";
local der = require "spec.support.der";

local bytes = base64.bytes;

local function rsa(n, e)
	return base64.pem("PUBLIC KEY", der.rsa(der.integer(bytes(n)), der.integer(bytes(e))));
end

local function ec(curve, x, y)
	return base64.pem("PUBLIC KEY", der.ec(curve, "\4" .. bytes(x) .. bytes(y)));
end

local joe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
local joe_bytes = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';

return {
	{
		name = "RFC 7515 A.1", alg = "HS256", kind = "secret", payload = joe_bytes;
		key = bytes("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
		token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." .. joe .. ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	};
	{
		name = "RFC 7515 A.2", alg = "RS256", kind = "public", payload = joe_bytes;
		key = rsa("ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SF"
			.. "d2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTB"
			.. "EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2"
			.. "PAcDTW9gb54h4FRWyuXpoQ", "AQAB");
		token = "eyJhbGciOiJSUzI1NiJ9." .. joe .. ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHI"
			.. "m4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS"
			.. "jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI"
			.. "8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
	};
	{
		name = "RFC 7515 A.3", alg = "ES256", kind = "public", payload = joe_bytes;
		key = ec("P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
		token = "eyJhbGciOiJFUzI1NiJ9." .. joe
			.. ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
	};
	{
		name = "RFC 7515 A.4", alg = "ES512", kind = "public", payload = "Payload";
		key = ec("P-521", "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
			"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2");
		token = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB3"
			.. "4XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
	};
	{
		name = "RFC 8037 A.4", alg = "EdDSA", kind = "public", payload = "Example of Ed25519 signing";
		key = base64.pem("PUBLIC KEY", der.edwards(bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")));
		token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR"
			.. "4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
	};
};
