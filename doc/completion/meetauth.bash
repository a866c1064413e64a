_meetauth() {
    local IFS=$' \t\n'
    local args cur prev cmd opts arg
    args=("${COMP_WORDS[@]}")
    cur="${COMP_WORDS[COMP_CWORD]}"
    prev="${COMP_WORDS[COMP_CWORD-1]}"
    opts="-h --help --version"

    args=("${args[@]:1}")
    for arg in "${args[@]}"; do
        case "$arg" in
            sign)
                cmd="sign"
                opts="$opts -h --help --room --tenant --user-id --name --email --avatar --group --moderator --lobby --feature --expires-in --not-before --eject-at-expiry --eject-after --token-id --claim --dialect --claims --bulk --format --stop --out --url --iss --aud --sub --domain-id --app-id --kid --now --host --config --prosody --entry --secret-file --key-file --alg --weak-secret"
                break
                ;;
            inspect)
                cmd="inspect"
                opts="$opts -h --help --json"
                break
                ;;
            verify)
                cmd="verify"
                opts="$opts -h --help --room --json --now --host --config --prosody --offline --jwks-file --secret-file --key-file --alg --weak-secret --iss --aud --typ --require --max-age --leeway"
                break
                ;;
            explain)
                cmd="explain"
                opts="$opts -h --help --room --json --redact --html --values --now --host --config --prosody --offline --jwks-file --secret-file --key-file --alg --weak-secret --iss --aud --typ --require --max-age --leeway"
                break
                ;;
            convert)
                cmd="convert"
                opts="$opts -h --help --to --from --room --json --sign-with --sign-secret-file --sign-key-file --sign-alg --iss --aud --sub --domain-id --app-id --kid --host --config --prosody --secret-file --key-file --alg --weak-secret --jwks-file"
                break
                ;;
            keygen)
                cmd="keygen"
                opts="$opts -h --help --alg --bits --crv --kid --out-private --out-jwk"
                break
                ;;
            jwks)
                cmd="jwks"
                opts="$opts -h --help --alg"
                break
                ;;
            check)
                cmd="check"
                opts="$opts -h --help --host --config --prosody --jicofo --migrate --json"
                break
                ;;
        esac
    done

    case "$cmd" in
        '')
            COMPREPLY=($(compgen -W "sign inspect verify explain convert keygen jwks check" -- "$cur"))
            ;;
        'sign')
            case "$prev" in
                --room)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --tenant)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --user-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --name)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --email)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --avatar)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --group)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --lobby)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --feature)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --expires-in)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --not-before)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --eject-after)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --token-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --claim)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --dialect)
                    COMPREPLY=($(compgen -W "jitsi jaas daily" -- "$cur"))
                    return 0
                    ;;
                --claims)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --bulk)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "csv jsonl" -- "$cur"))
                    return 0
                    ;;
                --out)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --url)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --iss)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --aud)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sub)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --domain-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --app-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --kid)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --now)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --prosody)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --entry)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --secret-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --key-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'verify')
            case "$prev" in
                --room)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --now)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --prosody)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --jwks-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --secret-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --key-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --iss)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --aud)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --typ)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --require)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --max-age)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --leeway)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'explain')
            case "$prev" in
                --room)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --html)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --now)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --prosody)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --jwks-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --secret-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --key-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --iss)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --aud)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --typ)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --require)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --max-age)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --leeway)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'convert')
            case "$prev" in
                --to)
                    COMPREPLY=($(compgen -W "jitsi jaas daily" -- "$cur"))
                    return 0
                    ;;
                --from)
                    COMPREPLY=($(compgen -W "jitsi jaas daily" -- "$cur"))
                    return 0
                    ;;
                --room)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sign-with)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sign-secret-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sign-key-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sign-alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --iss)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --aud)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --sub)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --domain-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --app-id)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --kid)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --prosody)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --secret-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --key-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --jwks-file)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'keygen')
            case "$prev" in
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --bits)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --crv)
                    COMPREPLY=($(compgen -W "Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
                --kid)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --out-private)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --out-jwk)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'jwks')
            case "$prev" in
                --alg)
                    COMPREPLY=($(compgen -W "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448" -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
        'check')
            case "$prev" in
                --host)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --prosody)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
                --jicofo)
                    COMPREPLY=($(compgen -f -- "$cur"))
                    return 0
                    ;;
            esac

            ;;
    esac

    if [[ "$cur" = -* ]]; then
        COMPREPLY=($(compgen -W "$opts" -- "$cur"))
    fi
}

complete -F _meetauth -o bashdefault -o default meetauth
