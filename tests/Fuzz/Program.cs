using AutogradService.Fuzz;

return await CommandLine.RunAsync(args);
