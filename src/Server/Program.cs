using AutogradService.Server.Hosting;
using AutogradService.Server.Security;

if (args is [NewKey.Command, .. var given]) return NewKey.Run(given, Console.Out, Console.Error);
if (args is [Probe.Command, ..]) return await Probe.RunAsync(args[1..], Console.Error);
try
{
    await ServerHost.Build(args, warm: true).RunAsync();
    return 0;
}
catch (Exception e) when (e is Microsoft.Extensions.Options.OptionsValidationException or InvalidOperationException or IOException)
{
    // A wrong configuration or a port in use: one line says it better than a stack trace.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
