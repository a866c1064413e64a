--- EC keys whose coordinates begin with zero bytes, which RFC 7518 6.2.1.2 wants kept. Made by padded.mjs.

return {
	{
		name = "x of P-256, d = 379", alg = "ES256", crv = "P-256", coordinate = "x";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXs";
		x = "AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo";
		y = "u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I";
	};
	{
		name = "y of P-256, d = 43", alg = "ES256", crv = "P-256", coordinate = "y";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACs";
		x = "mGriUG8f8QTQQjCGHY9LSY9LxMbQCbMPdUTcEpuC0o0";
		y = "ADzMwKZGDgrjKKTZfTx7YdhvxiicGJ8lJREMRBuwfpc";
	};
	{
		name = "x of P-384, d = 197", alg = "ES384", crv = "P-384", coordinate = "x";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADF";
		x = "AE0QSybuVnH3LBDJhoQdPmXSheJRYWG3uqNBsSYxueMrbw1YlthDHFHV2To3y8kO";
		y = "8RoeP4t7kFOO5CzADuk0puLuJVQWB9j7ZceosR4viGhTiG7vOGXskzIAufJVmfKf";
	};
	{
		name = "y of P-384, d = 176", alg = "ES384", crv = "P-384", coordinate = "y";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACw";
		x = "0DqnSPX0jrPgxUtoPyXS4tfX4yASgqlbV6Wf-4-Uz0xDsRB8qUS5IRw1ERLeFu0Y";
		y = "AAoIxgLcXgAx2tCIwZMF9rJSorw_JF96W4C0hMe5n2mBwyN0xxSnaDJV9TMfZrsG";
	};
	{
		name = "x of P-521, d = 273", alg = "ES512", crv = "P-521", coordinate = "x";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAER";
		x = "AABgqI2FlqLGWXstxORl39fnSgvLe4Y_VvIcFBSllYtipJWZb9hrjp54pnEseIfnXfzpcqBOEsuc-eAy_yrBr_8Z";
		y = "ATPR_AqtuggGE1eNKYDHf-Y8t80KYNGt8rLlCNmsniqLHQxTiNHLsF8OLFjQHLzAWUWSk9SYKLYfR8Hy7euJFFKK";
	};
	{
		name = "y of P-521, d = 73", alg = "ES512", crv = "P-521", coordinate = "y";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABJ";
		x = "AXU5Dmbpc8nvn_tgUzkHCd42CbJLJNEIkoJ9aKeK25iSK0CjjziZ0eNjggIxDc-Z8jMXi_-HO7AbRLwWqG6HHOve";
		y = "AADrd1exXLrze4Sr7SdSvSajtD5gVWlCNL_Yfu76jmczhK9esk8PJJGerQIQgwBeTl8lpqwlVZxOZZk38T1MHHbH";
	};
	{
		name = "x of secp256k1, d = 153", alg = "ES256K", crv = "secp256k1", coordinate = "x";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJk";
		x = "AOOuGXRWbKBsxRbUfg-xZaZ0o9q8_KFeci8ONFD0WIk";
		y = "Kuq-fkUxUQEWIX8Hv00HMA3pfkh0-B9TNCCnLusL1qQ";
	};
	{
		name = "y of secp256k1, d = 122", alg = "ES256K", crv = "secp256k1", coordinate = "y";
		d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHo";
		x = "E5rkahEz8fnSPyXvug9t2Hv33a9Wil-54KO_2nMXYjc";
		y = "AJleVVyKq9Jj_SOIM6EhiLil_760gLoOPm7EgaiZFHI";
	};
};
