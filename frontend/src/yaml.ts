/** Plain data as YAML, for people to read and to paste. */

export function yaml(value: unknown, indent = ""): string {
    if (Array.isArray(value)) {
        return value.length === 0
            ? "[]\n"
            : `\n${value.map((each) => `${indent}- ${yaml(each, `${indent}  `).trimStart()}`).join("")}`;
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value);
        return entries.length === 0
            ? "{}\n"
            : `\n${entries.map(([key, each]) => `${indent}${scalar(key)}:${nested(each, indent)}`).join("")}`;
    }
    return `${scalar(value)}\n`;
}

function nested(value: unknown, indent: string): string {
    const text = yaml(value, `${indent}  `);
    return text.startsWith("\n") ? text : ` ${text}`;
}

/** Words that YAML would take for something else are quoted. */
function scalar(value: unknown): string {
    if (typeof value !== "string") {
        return value === undefined ? "null" : JSON.stringify(value);
    }
    const plain = /^[A-Za-z_][\w ./-]*$/.test(value) && value.trim() === value;
    return plain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)
        ? value
        : JSON.stringify(value);
}
