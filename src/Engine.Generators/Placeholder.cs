namespace AutogradService.Engine.Generators;
internal static class Placeholder { }
