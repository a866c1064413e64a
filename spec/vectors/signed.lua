--- Every published example of a signed token, from all of the RFCs.
-- Each: name, alg, jwk (JSON text, with its private part), payload (bytes), token.

local signed = {};

for _, list in ipairs({
	require "spec.vectors.rfc7515",
	require "spec.vectors.rfc7520".signed,
	{ require "spec.vectors.rfc8037".signed },
	require "spec.vectors.rfc8812",
}) do
	table.move(list, 1, #list, #signed + 1, signed);
end

return signed;
