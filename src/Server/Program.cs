using AutogradService.Server.Hosting;

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
