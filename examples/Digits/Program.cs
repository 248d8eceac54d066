using System.Text;
using AutogradService.Examples.Digits;

Console.OutputEncoding = Encoding.UTF8;
return await DigitsProgram.RunAsync(args, Console.Out);
