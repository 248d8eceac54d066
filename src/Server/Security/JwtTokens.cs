using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using AutogradService.Server.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AutogradService.Server.Security;

/// <summary>
/// JSON Web Tokens, checked by ASP.NET Core's handler. It is asked directly and not as middleware, which would check the token of every call: what it says is remembered for the
/// connection.
/// </summary>
internal sealed class JwtTokens
{
    private const string Scheme = "Jwt";
    private const string SigningKey = "signing-key";
    private const int KeysMax = 64;
    private const int RsaBitsMin = 2048;
    private static readonly AuthenticationScheme s_scheme = new(Scheme, null, typeof(JwtBearerHandler));

    // Public-key algorithms only: with an HMAC a public key, which everybody knows, would be as good as the private one. "none" is never accepted.
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JwtOptions _options;
    private readonly IOptionsMonitor<JwtBearerOptions> _handlerOptions;
    private readonly ILoggerFactory _log;
    private volatile SecurityKey[] _keys = [];

    public JwtTokens(IOptions<ServerOptions> options, IOptionsMonitor<JwtBearerOptions> handlerOptions, WatchedFiles files, ILoggerFactory log)
    {
        _options = options.Value.Security.Jwt;
        _handlerOptions = handlerOptions;
        _log = log;
        if (_options.KeysFile.Length > 0) files.Add("the file of token keys", [_options.KeysFile], contents => Read(contents[0]));
    }

    /// <summary>Whether tokens are good for anything.</summary>
    public bool IsOn => _options.IsOn;

    /// <summary>Sets the handler up.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<JwtTokens>();
        services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>();
        services.AddOptions<JwtBearerOptions>(Scheme).Configure<IOptions<ServerOptions>, IServiceProvider>(static (handler, server, provider) =>
        {
            var jwt = server.Value.Security.Jwt;
            handler.MapInboundClaims = false;
            // IsAuthority has seen to it that http is loopback.
            handler.RequireHttpsMetadata = false;
            if (jwt.Authority.Length > 0) handler.Authority = jwt.Authority;
            handler.Events = new JwtBearerEvents
            {
                OnTokenValidated = static context =>
                {
                    context.Properties.SetParameter(SigningKey, context.SecurityToken.SigningKey);
                    return Task.CompletedTask;
                },
            };
            var valid = handler.TokenValidationParameters;
            valid.ValidAlgorithms = s_algorithms;
            valid.ValidAudiences = jwt.Audiences;
            if (jwt.Issuers.Count > 0) valid.ValidIssuers = jwt.Issuers;
            valid.RequireSignedTokens = true;
            valid.RequireExpirationTime = true;
            valid.RequireAudience = true;
            valid.ValidateIssuerSigningKey = true;
            valid.ClockSkew = TimeSpan.FromSeconds(jwt.ClockSkewSeconds);
            if (jwt.KeysFile.Length > 0) valid.IssuerSigningKeyResolver = (_, _, id, _) => provider.GetRequiredService<JwtTokens>().KeysFor(id);
        });
    }

    /// <summary>Checks the token that a request's header "authorization" holds.</summary>
    /// <returns>Who it is, or why it is refused: in words for the log, and whether it was good once.</returns>
    public async Task<(Caller? Caller, string Why, bool IsExpired)> CheckAsync(HttpContext context, IReadOnlyCollection<string> admins)
    {
        var handler = new JwtBearerHandler(_handlerOptions, _log, UrlEncoder.Default);
        await handler.InitializeAsync(s_scheme, context);
        var result = await handler.AuthenticateAsync();
        // The exception's text may repeat the token's claims; its type says enough.
        if (!result.Succeeded) return (null, result.Failure?.GetType().Name ?? "no token", result.Failure is SecurityTokenExpiredException);
        string? principal = result.Principal.FindFirst(_options.PrincipalClaim)?.Value;
        if (principal is null || !Caller.IsName(principal)) return (null, $"a token without a fit claim '{_options.PrincipalClaim}'", false);
        bool isAdmin = admins.Contains(principal) || result.Principal.HasClaim(claim => IsAdminRole(claim));
        var notAfter = result.Properties!.ExpiresUtc is { } expires ? expires + TimeSpan.FromSeconds(_options.ClockSkewSeconds) : DateTimeOffset.MaxValue;
        var key = result.Properties.GetParameter<SecurityKey>(SigningKey);
        // A provider's keys come and go by its own rules: what they signed holds until it expires.
        Func<bool> stillHolds = _options.KeysFile.Length == 0 || key is null ? static () => true : () => _keys.Any(k => AreSame(k, key));
        return (new Caller(principal, isAdmin, notAfter, stillHolds), "", false);
    }

    private bool IsAdminRole(Claim claim) => claim.Type == _options.RoleClaim && claim.Value == _options.AdminRole;

    // A token names its key or does not; one that names another than we have is tried with none.
    private IEnumerable<SecurityKey> KeysFor(string? id) => string.IsNullOrEmpty(id) ? _keys : _keys.Where(k => string.IsNullOrEmpty(k.KeyId) || k.KeyId == id);

    private static bool AreSame(SecurityKey a, SecurityKey b) => ReferenceEquals(a, b) || a.ComputeJwkThumbprint().AsSpan().SequenceEqual(b.ComputeJwkThumbprint());

    private string Read(byte[] content)
    {
        string text = Encoding.UTF8.GetString(content);
        SecurityKey[] keys = text.TrimStart().StartsWith('{') ? [.. FromJson(text)] : [.. FromPem(text)];
        if (keys.Length is 0 or > KeysMax) throw new FormatException($"{keys.Length} public keys where 1 to {KeysMax} should be");
        _keys = keys;
        return $"{keys.Length} public keys";
    }

    private static IEnumerable<SecurityKey> FromJson(string text)
    {
        foreach (var key in new JsonWebKeySet(text).Keys)
        {
            if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)) throw new FormatException($"a key of type '{key.Kty}': RSA and EC are taken");
            if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < RsaBitsMin) throw new FormatException($"an RSA key of {key.KeySize} bits: {RsaBitsMin} are the least");
            yield return key;
        }
    }

    private static IEnumerable<SecurityKey> FromPem(string text)
    {
        for (var rest = text.AsMemory(); PemEncoding.TryFind(rest.Span, out var fields); rest = rest[fields.Location.End..])
        {
            string block = rest[fields.Location].ToString();
            yield return rest.Span[fields.Label] switch
            {
                "PUBLIC KEY" => FromPublicKey(block),
                "CERTIFICATE" => FromCertificate(block),
                _ => throw new FormatException("a PEM block that is neither PUBLIC KEY nor CERTIFICATE"),
            };
        }
    }

    private static AsymmetricSecurityKey FromPublicKey(string pem)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return FromRsa(rsa);
        }
        catch (CryptographicException)
        {
            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return new ECDsaSecurityKey(ecdsa);
        }
    }

    private static AsymmetricSecurityKey FromCertificate(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        if (certificate.GetRSAPublicKey() is { } rsa) return FromRsa(rsa);
        return certificate.GetECDsaPublicKey() is { } ecdsa ? new ECDsaSecurityKey(ecdsa) : throw new FormatException("a certificate of neither an RSA nor an EC key");
    }

    private static RsaSecurityKey FromRsa(RSA rsa) => rsa.KeySize >= RsaBitsMin ? new RsaSecurityKey(rsa) : throw new FormatException($"an RSA key of {rsa.KeySize} bits: {RsaBitsMin} are the least");
}
