// What the panel uses of @grafana/ui: https://github.com/grafana/grafana/tree/main/packages/grafana-ui

/** Grafana's colours, light or dark. */
export interface Theme {
  colors: {
    text: { primary: string; secondary: string };
    background: { canvas: string; secondary: string };
    border: { medium: string };
    error: { text: string };
  };
  typography: { fontFamily: string };
}

export function useTheme2(): Theme;
