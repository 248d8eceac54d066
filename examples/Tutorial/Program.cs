using System.Text;
using AutogradService.Examples.Tutorial;

Console.OutputEncoding = Encoding.UTF8;
return await TutorialProgram.RunAsync(args, Console.Out);
