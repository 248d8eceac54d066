using System.Net;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>Checks the section "Autograd:Security" as a whole; above all, that nobody puts an open server on a network by mistake.</summary>
internal sealed class SecurityConsistency : IValidateOptions<ServerOptions>
{
    private const int KeysMax = 1000;

    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var security = options.Security;
        var (jwt, certificates, tls) = (security.Jwt, security.ClientCertificates, security.Tls);
        var faults = new List<string>();
        if (IPAddress.TryParse(options.Address, out var address) && !IPAddress.IsLoopback(address) && !security.AsksForCredentials && !security.AllowAnonymous)
            faults.Add($"Address {options.Address} is reachable from elsewhere, and nobody would be asked for credentials. Configure API keys (Security:KeysFile; the command new-key makes them), "
                + "tokens (Security:Jwt) or client certificates (Security:ClientCertificates). To serve whoever can connect, say so: Autograd:Security:AllowAnonymous=true.");
        if (security.AllowAnonymous && security.AsksForCredentials) faults.Add("Security:AllowAnonymous contradicts the configured credentials: remove one or the other.");
        if (security.Keys.Count > KeysMax) faults.Add($"Security:Keys: more than {KeysMax}; put them into Security:KeysFile.");
        var hashes = new HashSet<KeyHash>();
        for (int i = 0; i < security.Keys.Count; i++)
        {
            if (!ApiKey.TryParse(security.Keys[i], out var key, out string fault)) faults.Add($"Security:Keys:{i}: {fault}");
            else if (!hashes.Add(key.Hash)) faults.Add($"Security:Keys:{i}: the same key stands there before");
        }
        if (jwt.Authority.Length > 0 && jwt.KeysFile.Length > 0) faults.Add("Security:Jwt has an Authority and a KeysFile: one of them says whose tokens are good.");
        if (jwt.Authority.Length > 0 && !IsAuthority(jwt.Authority)) faults.Add("Security:Jwt:Authority must be an https URL (http only on loopback).");
        if (jwt.IsOn && jwt.Audiences.Count == 0) faults.Add("Security:Jwt:Audiences is empty: tokens made for other services would be good here.");
        if (jwt.KeysFile.Length > 0 && jwt.Issuers.Count == 0) faults.Add("Security:Jwt:Issuers is empty.");
        if (certificates.Mode != ClientCertificateMode.None && !tls.IsOn) faults.Add("Security:ClientCertificates needs TLS: Security:Tls:CertificateFile.");
        if (certificates.Mode != ClientCertificateMode.None && certificates.CaFile.Length == 0) faults.Add("Security:ClientCertificates:CaFile is missing: who issues them?");
        if (!tls.IsOn && (tls.KeyFile.Length > 0 || tls.HttpPort)) faults.Add("Security:Tls:CertificateFile is missing.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsAuthority(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
