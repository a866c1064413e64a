#compdef meetauth

_meetauth() {
  local context state state_descr line
  typeset -A opt_args

  local -a options=(
    {-h,--help}"[Show this help message and exit]"
    "--version[Show the version]"
  )
  _arguments -s -S \
    $options \
    ": :_meetauth_cmds" \
    "*:: :->args" \
    && return 0

  case $words[1] in
    sign)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[The room that the token opens]: :_files"
        "--tenant[Jitsi\: the tenant of the room (sub)]: :_files"
        "--user-id[The user's id, which the server uses]: :_files"
        "--name[The user's name, which other people see]: :_files"
        "--email[Jitsi\: the user's mail address]: :_files"
        "--avatar[Jitsi\: the address of the user's picture]: :_files"
        "--group[Jitsi\: the user's group]: :_files"
        "--moderator[Make the user an owner of the room]"
        "--lobby[bypass\: the user does not wait in the lobby]: :_files"
        "*--feature[Allow one of Jitsi's features\: recording, livestreaming, transcription, screen-sharing, and so on]: :_files"
        "--expires-in[How long the token is valid\: 90s, 15m, 1h (the default) or 7d]: :_files"
        "--not-before[When the token becomes valid\: 2026-01-31T08\:00Z]: :_files"
        "--eject-at-expiry[Daily\: remove the user from the room when the token expires]"
        "--eject-after[Daily\: how long the user can stay in the room]: :_files"
        "--token-id[The token's id (jti), which can be used to revoke the token]: :_files"
        "*--claim[Add a claim]: :_files"
        "--dialect[The dialect\: jitsi, jaas or daily]: :(jitsi jaas daily)"
        "--claims[Sign the claims in this JSON file unchanged]: :_files"
        "--bulk[Sign a token for each row of a CSV file, or for each line of claims in JSON]: :_files"
        "--format[The format\: csv or jsonl]: :(csv jsonl)"
        "--stop[Stop at the first row that cannot be signed]"
        "--out[Write to this file when everything is signed]: :_files"
        "--url[Write a link to the room instead of the token alone]: :_files"
        "--iss[Jitsi\: the issuer]: :_files"
        "--aud[Jitsi\: the audience]: :_files"
        "--sub[Jitsi\: the domain whose rooms the token opens, or * for all domains]: :_files"
        "--domain-id[Daily\: the domain's id (d)]: :_files"
        "--app-id[JaaS\: the application's id]: :_files"
        "--kid[The key's kid]: :_files"
        "--now[Use this time instead of the current time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries are used]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[The folder of Prosody's sources, if prosodyctl does not name it]: :_files"
        "--entry[The entry whose key signs]: :_files"
        "--secret-file[The file with the shared secret]: :_files"
        "--key-file[The file with the key to sign with\: PEM or JWK]: :_files"
        "*--alg[The key's algorithm]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Accept a secret that is shorter than its hash]"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

    inspect)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--json[Write JSON]"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    verify)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[Also check whether the token opens this room]: :_files"
        "--json[Write JSON]"
        "--now[Use this time instead of the current time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries are used]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[The folder of Prosody's sources, if prosodyctl does not name it]: :_files"
        "--offline[Ask no key server]"
        "--jwks-file[A JWK set to verify with]: :_files"
        "--secret-file[The file with the shared secret]: :_files"
        "--key-file[The file with the key to verify with\: PEM or JWK]: :_files"
        "*--alg[The key's algorithm]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Accept a secret that is shorter than its hash]"
        "*--iss[Accepted issuer]: :_files"
        "*--aud[Accepted audience]: :_files"
        "*--typ[Accepted typ]: :_files"
        "*--require[A claim that the token must have]: :_files"
        "--max-age[The longest time since the token was issued]: :_files"
        "--leeway[How much the clocks can differ]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    explain)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--room[Also check whether the token opens this room]: :_files"
        "--json[Write JSON]"
        "--redact[For public bug reports\: show shapes, lengths and a fingerprint instead of values]"
        "--html[Also write the report as one page to this file, without values; - is standard output]: :_files"
        "--values[With --html\: show the values in it]"
        "--now[Use this time instead of the current time\: 2026-01-31T08\:00Z, or seconds since 1970]: :_files"
        "--host[The VirtualHost whose entries are used]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[The folder of Prosody's sources, if prosodyctl does not name it]: :_files"
        "--offline[Ask no key server]"
        "--jwks-file[A JWK set to verify with]: :_files"
        "--secret-file[The file with the shared secret]: :_files"
        "--key-file[The file with the key to verify with\: PEM or JWK]: :_files"
        "*--alg[The key's algorithm]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Accept a secret that is shorter than its hash]"
        "*--iss[Accepted issuer]: :_files"
        "*--aud[Accepted audience]: :_files"
        "*--typ[Accepted typ]: :_files"
        "*--require[A claim that the token must have]: :_files"
        "--max-age[The longest time since the token was issued]: :_files"
        "--leeway[How much the clocks can differ]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    convert)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--to[The dialect of the new token]: :(jitsi jaas daily)"
        "--from[The dialect of the given token]: :(jitsi jaas daily)"
        "--room[The room of the new token]: :_files"
        "--json[Write JSON\: claims, token, losses]"
        "--sign-with[The entry whose key signs the new token]: :_files"
        "--sign-secret-file[The shared secret to sign with]: :_files"
        "--sign-key-file[The private key to sign with]: :_files"
        "--sign-alg[The algorithm to sign with]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--iss[Jitsi\: the issuer]: :_files"
        "--aud[Jitsi\: the audience]: :_files"
        "--sub[Jitsi\: the domain whose rooms the token opens, or * for all domains]: :_files"
        "--domain-id[Daily\: the domain's id (d)]: :_files"
        "--app-id[JaaS\: the application's id]: :_files"
        "--kid[The key's kid]: :_files"
        "--host[The VirtualHost whose entries are used]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[The folder of Prosody's sources, if prosodyctl does not name it]: :_files"
        "--secret-file[The file with the shared secret]: :_files"
        "--key-file[The file with the key to verify the token with\: PEM or JWK]: :_files"
        "*--alg[The key's algorithm]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--weak-secret[Accept a secret that is shorter than its hash]"
        "--jwks-file[A JWK set to verify the token with]: :_files"
      )
      _arguments -s -S \
        $options \
        ": :_files" \
        && return 0
      ;;

    keygen)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--alg[The algorithm of the new key]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
        "--bits[The size of an RSA key]: :_files"
        "--crv[The curve for EdDSA]: :(Ed25519 Ed448)"
        "--kid[The public key's kid]: :_files"
        "--out-private[Write the private key or the secret to this new file, which only its owner can read]: :_files"
        "--out-jwk[Write the public key to this new file, as a JWK]: :_files"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

    jwks)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--alg[The algorithm of RSA keys]: :(HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448)"
      )
      _arguments -s -S \
        $options \
        "*: :_files" \
        && return 0
      ;;

    check)
      options=(
        $options
        {-h,--help}"[Show this help message and exit]"
        "--host[The VirtualHost whose entries are used]: :_files"
        "--config[Prosody's configuration]: :_files"
        "--prosody[The folder of Prosody's sources, if prosodyctl does not name it]: :_files"
        "--jicofo[Jicofo's configuration]: :_files"
        "--migrate[Check nothing]"
        "--json[Write JSON]"
      )
      _arguments -s -S \
        $options \
        && return 0
      ;;

  esac

  return 1
}

_meetauth_cmds() {
  local -a commands=(
    "sign:Sign one token or many tokens"
    "inspect:Show the content of a token"
    "verify:Verify a token"
    "explain:Show every check of a token, with the expected and the found value"
    "convert:Convert a token between Jitsi, JaaS and Daily, and list the claims that are lost"
    "keygen:Make a new key or secret"
    "jwks:Write the public parts of keys as a JWK set"
    "check:Check the installation and the configuration"
  )
  _describe "command" commands
}

_meetauth
