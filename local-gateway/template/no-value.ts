/** Stands for `AWS::NoValue`: the property or item that has it does not exist. */
export const NO_VALUE = Symbol("AWS::NoValue");
