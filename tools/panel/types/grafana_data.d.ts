// What the panel uses of @grafana/data: https://github.com/grafana/grafana/tree/main/packages/grafana-data
import type { Component } from "react";

export interface PanelProps<O> {
  options: O;
  width: number;
  height: number;
  /** Puts the values of a dashboard's variables into a text. */
  replaceVariables: (text: string) => string;
}

export interface SelectableValue<T> {
  value: T;
  label: string;
  description?: string;
}

interface Field<S, T, O> {
  path: keyof O & string;
  name: string;
  description?: string;
  defaultValue: T;
  settings?: S;
  showIf?: (options: O) => boolean;
}

export interface OptionsContext {
  /** The panel's own options. */
  options?: unknown;
  replaceVariables?: (text: string) => string;
}

interface SelectSettings<T> {
  options: SelectableValue<T>[];
  allowCustomValue?: boolean;
  isClearable?: boolean;
  getOptions?: (context: OptionsContext) => Promise<SelectableValue<T>[]>;
}

export interface OptionsBuilder<O> {
  addSelect<T>(field: Field<SelectSettings<T>, T, O>): this;
  addRadio<T>(field: Field<{ options: SelectableValue<T>[] }, T, O>): this;
  addBooleanSwitch(field: Field<undefined, boolean, O>): this;
  addTextInput(field: Field<{ placeholder?: string }, string, O>): this;
  addNumberInput(
    field: Field<{ min?: number; max?: number; integer?: boolean }, number, O>,
  ): this;
}

export class PanelPlugin<O> {
  constructor(panel: Component<PanelProps<O>>);
  setPanelOptions(build: (builder: OptionsBuilder<O>) => void): this;
}
