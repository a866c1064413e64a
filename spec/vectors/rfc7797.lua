--- RFC 7797 section 4: one payload, "$.02", encoded and unencoded, under the key of RFC 7515 A.1.

local rfc7515 = require "spec.vectors.rfc7515";

return {
	jwk = rfc7515[1].jwk;
	payload = "$.02";
	-- 4.1: base64url, as ever
	encoded = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
	-- 4.2: b64 = false, critical; the payload contains a dot, so it is sent by another way
	unencoded = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
	header = '{"alg":"HS256","b64":false,"crit":["b64"]}';
	signature = "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
};
