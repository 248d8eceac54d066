using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>
/// Who may come in, and how connections are protected: section "Autograd:Security". Without keys, tokens and client certificates the server asks for no credentials, and then
/// serves on loopback only. docs/security.md explains.
/// </summary>
public sealed class SecurityOptions
{
    /// <summary>The one word that lets a server without any authentication listen beyond loopback.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// API keys, each as a line "PRINCIPAL sha256:HASH [role=admin] [not-after=2030-01-31T00:00:00Z]"; the command new-key makes a key and its line. Callers present the key as
    /// "authorization: Bearer KEY".
    /// </summary>
    public List<string> Keys { get; init; } = [];

    /// <summary>A file of such lines, read again when it changes; empty lines and those that start with # are comments.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>Principals that are admins, however they sign in, beside those whose key or token says so.</summary>
    public List<string> Admins { get; init; } = [];

    /// <summary>Whether anybody may ask for the contract by reflection where credentials are asked for.</summary>
    public bool OpenReflection { get; set; }

    /// <summary>Whether anybody may read /metrics where credentials are asked for.</summary>
    public bool OpenMetrics { get; set; }

    /// <summary>Whether a stream under way ends when the credential that it was opened with expires. One whose key is taken away ends at any rate.</summary>
    public bool EndStreamsOnExpiry { get; set; } = true;

    /// <summary>Seconds between two looks at the files named in this section.</summary>
    [Range(0.02, 3600)]
    public double ReloadSeconds { get; set; } = 5;

    /// <summary>JSON Web Tokens, of an OpenID Connect provider or signed with known keys.</summary>
    [ValidateObjectMembers]
    public JwtOptions Jwt { get; init; } = new();

    /// <summary>Client certificates (mutual TLS).</summary>
    public ClientCertificateOptions ClientCertificates { get; init; } = new();

    /// <summary>TLS of the server's own.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>Whether callers have to say who they are.</summary>
    internal bool AsksForCredentials => Keys.Count > 0 || KeysFile.Length > 0 || Jwt.IsOn || ClientCertificates.Mode != ClientCertificateMode.None;
}

/// <summary>Section "Autograd:Security:Jwt". On as soon as there is an authority or a file of keys.</summary>
public sealed class JwtOptions
{
    /// <summary>The OpenID Connect provider whose keys sign tokens, as "https://login.example.org/"; http only on loopback. Its metadata and keys are fetched and refreshed.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Instead of an authority: a file of public keys, PEM (PUBLIC KEY or CERTIFICATE, any number) or a JSON Web Key Set; read again when it changes.</summary>
    public string KeysFile { get; set; } = "";

    /// <summary>Issuers that tokens may name. With an authority: its own, if empty.</summary>
    public List<string> Issuers { get; init; } = [];

    /// <summary>Audiences of which a token must name one.</summary>
    public List<string> Audiences { get; init; } = [];

    /// <summary>The claim that holds the principal's name.</summary>
    [Required]
    public string PrincipalClaim { get; set; } = "sub";

    /// <summary>The claim, with one value or several, that holds roles.</summary>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The role that makes an admin.</summary>
    [Required]
    public string AdminRole { get; set; } = "admin";

    /// <summary>Seconds that clocks may differ.</summary>
    [Range(0, 600)]
    public double ClockSkewSeconds { get; set; } = 60;

    internal bool IsOn => Authority.Length > 0 || KeysFile.Length > 0;
}

/// <summary>Whether clients show certificates.</summary>
public enum ClientCertificateMode
{
    /// <summary>They are not asked for one.</summary>
    None,
    /// <summary>They may; one that is shown must be good.</summary>
    Allowed,
    /// <summary>Without a good one there is no connection to the ports for gRPC and gRPC-web.</summary>
    Required,
}

/// <summary>What of a client certificate names the principal.</summary>
public enum CertificateName
{
    /// <summary>The subject's common name.</summary>
    CommonName,
    /// <summary>The first DNS name among the subject's alternative names.</summary>
    Dns,
    /// <summary>The first URI among them, as SPIFFE has it.</summary>
    Uri,
    /// <summary>The first e-mail address among them.</summary>
    Email,
}

/// <summary>Section "Autograd:Security:ClientCertificates".</summary>
public sealed class ClientCertificateOptions
{
    /// <summary>Whether clients show certificates. Needs <see cref="TlsOptions.CertificateFile"/>.</summary>
    public ClientCertificateMode Mode { get; set; }

    /// <summary>The authorities that issue them, PEM, read again when it changes. Only these are trusted, not the system's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>What of a certificate names the principal.</summary>
    public CertificateName PrincipalFrom { get; set; }

    /// <summary>A file with the SHA-256 fingerprints (hexadecimal, one a line, colons allowed) of certificates that are refused; read again when it changes.</summary>
    public string DeniedFile { get; set; } = "";
}

/// <summary>Section "Autograd:Security:Tls". On as soon as there is a certificate.</summary>
public sealed class TlsOptions
{
    /// <summary>The certificate, followed by its intermediates: PEM, or PKCS #12 if it ends in .pfx or .p12. Read again when it changes, for new connections.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>The certificate's private key, PEM; empty: it is in the certificate's file.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The password of the key or of the PKCS #12 file, if it has one.</summary>
    public string Password { get; set; } = "";

    /// <summary>Whether the port for probes and metrics speaks TLS too.</summary>
    public bool HttpPort { get; set; }

    internal bool IsOn => CertificateFile.Length > 0;
}
