--- RFC 8037 appendix A: an Ed25519 key, its thumbprint, a signature; and an X25519 key, which signs nothing.

local printed = require "spec.vectors.printed";

-- A.1
local private = '{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",'
	.. '"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}';

return {
	private = private;
	-- A.2
	public = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}';
	-- A.3
	thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
	-- A.4, A.5
	signed = {
		name = "RFC 8037 A.4", alg = "EdDSA", payload = "Example of Ed25519 signing";
		jwk = private;
		token = printed [[
			eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhi
			jcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg
		]];
	};
	-- A.6
	x25519 = '{"kty":"OKP","crv":"X25519","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}';
};
