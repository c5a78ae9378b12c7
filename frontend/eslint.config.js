import { configs as lit } from "eslint-plugin-lit";
import a11y from "eslint-plugin-lit-a11y";
import { configs as wc } from "eslint-plugin-wc";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["node_modules"] },
    {
        files: ["src/**/*.ts", "test/**/*.ts"],
        extends: [
            tseslint.configs.strictTypeChecked,
            tseslint.configs.stylisticTypeChecked,
            lit["flat/recommended"],
            wc["flat/recommended"],
        ],
        plugins: { "lit-a11y": a11y },
        languageOptions: {
            parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
        },
        rules: {
            ...a11y.configs.recommended.rules,
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            "@typescript-eslint/no-confusing-void-expression": [
                "error",
                { ignoreArrowShorthand: true },
            ],
            // A list that is windowed must keep what the keyboard stands on.
            "wc/guard-super-call": "off",
        },
    },
);
