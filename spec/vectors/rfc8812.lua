--- ES256K (RFC 8812 3.2), which no RFC gives examples of: a key and tokens of our own, one signed by the openssl
--- command line and one by npm's jose. Made by rfc8812.mjs.

local jwk = '{"kty":"EC","x":"xO8Q2rP8IWR5xdXKkv-gje1j4gjQpizG8YupTvjsUYk","y":"UEihQEX2_WIEEiNXi5DUEZPc7lCEDKksk66261jLQFo",'
	.. '"crv":"secp256k1","d":"v_cBQj989JY0blQIr0NB9_mhTg2gCuO97_f9-mW4a3s"}';
local input = "eyJhbGciOiJFUzI1NksifQ.RXhhbXBsZSBvZiBFUzI1Nksgc2lnbmluZw";
local payload = "Example of ES256K signing";

return {
	{
		name = "RFC 8812 3.2, signed by openssl", alg = "ES256K", jwk = jwk, payload = payload;
		token = input .. ".cr2sy6TKdiQ-5hRl0JMQe8GkoLObVerBkkpkspVH9j_B6LT4th-nu6CfG0hNqos3-8MiBo0_fZdbac4kZwMOLw";
	};
	{
		name = "RFC 8812 3.2, signed by jose", alg = "ES256K", jwk = jwk, payload = payload;
		token = input .. ".1mai9W-893GWVboi2kjPTNI8fZdzSxG_gDMrFC44AIyTgSV7e05JtMNgib_n9qNljoR2aXHCIwVnXHTFUm9K0A";
	};
};
